"""How Django draws forms here: our own field template, so that any form printed whole looks like one laid out by hand."""

from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template

OURS = frozenset({"django/forms/field.html", "django/forms/form.html"})


class FormRenderer(DjangoTemplates):
    """Widgets come from Django (and from apps, such as the admin's); the field and the form around them from `templates/`."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"

    def get_template(self, template_name):
        return get_template(template_name) if template_name in OURS else super().get_template(template_name)
