"""How Django draws forms here: with our own field template, so that a form printed whole looks laid out by hand."""

from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template

OURS = frozenset({"django/forms/field.html", "django/forms/form.html"})


class FormRenderer(DjangoTemplates):
    """Widgets come from Django and its apps (the admin has its own); the field around them from `templates/`."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"

    def get_template(self, template_name):
        return get_template(template_name) if template_name in OURS else super().get_template(template_name)
