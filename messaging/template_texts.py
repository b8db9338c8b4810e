"""What a request may ask of templates, and the text that one gives for a contact."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor, audit
from accounts.models import Account, User
from messaging import templating
from messaging.models import Contact, ContactImport, Draft, Template, Thread

LOOKED_AT = 1000  # contacts whose further fields tell which variables there are
FIELDS = ("name", "body_en", "body_fr")


class NameTaken(Exception):
    """There is a template of this name already."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A template's text for somebody; `missing` names what is not known of them and still stands as a variable."""

    text: str
    missing: list[str]


def known_variables(account: Account) -> list[str]:
    """What contacts of this account may have: their name, and the further columns of its imports."""
    found: dict[str, None] = dict.fromkeys((templating.NAME, templating.FIRST_NAME))
    contacts = Contact.objects.for_account(account).exclude(fields={}).order_by("-pk")
    for fields in contacts.values_list("fields", flat=True)[:LOOKED_AT]:
        found |= dict.fromkeys(sorted(fields))
    for plan in ContactImport.objects.for_account(account).order_by("-pk").values_list("plan", flat=True)[:20]:
        columns = (plan.get("columns") or {}).values()
        found |= dict.fromkeys(column.removeprefix("field:") for column in columns if column.startswith("field:"))
    return list(found)


def save(actor: Actor, account: Account, template: Template | None, values: dict) -> Template:
    """Raises `NameTaken`. The same new template twice is one."""
    row = template or Template(account=account)
    before = {name: getattr(row, name) for name in FIELDS if template and getattr(row, name) != values[name]}
    for name in FIELDS:
        setattr(row, name, values[name])
    row.changed_at = timezone.now()
    try:
        with transaction.atomic():
            row.save()
            after = {name: values[name] for name in (before or FIELDS)}
            action = "template.changed" if template else "template.created"
            audit(actor, action, row.name, account=account, before=before, after=after)
    except IntegrityError:
        other = Template.objects.for_account(account).get(name=values["name"])
        if not template and all(getattr(other, name) == values[name] for name in FIELDS):
            return other
        raise NameTaken from None
    return row


def delete(actor: Actor, template: Template) -> None:
    with transaction.atomic():
        before = {name: getattr(template, name) for name in FIELDS}
        audit(actor, "template.deleted", template.name, account=template.account, before=before)
        template.delete()


def fill(template: Template, account: Account, number: str = "") -> Filled:
    """The template's text for the contact with a number: in its language, with what is known of it."""
    contact = Contact.objects.for_account(account).filter(number=number).first() if number else None
    body = templating.choose(template, contact.language if contact else "", account.language)
    values = templating.values_of(contact.name, contact.fields) if contact else {}
    return Filled(
        templating.render_open(body, values), [name for name in templating.variables_of(body) if name not in values]
    )


def for_menu(account: Account) -> list[Template]:
    """Templates by name, for the menu beside a text."""
    return list(Template.objects.for_account(account).order_by("name")[:50])


def add_to_draft(person: User, thread: Thread, text: str) -> None:
    """What was typed is never lost: the template's text comes after it."""
    with transaction.atomic():
        draft, _ = Draft.objects.select_for_update().get_or_create(thread=thread, user=person)
        typed = draft.body.rstrip()
        draft.body, draft.changed_at = f"{typed}\n{text}"[:4000] if typed else text, timezone.now()
        draft.save()
