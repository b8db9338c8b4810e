"""People of the demo's plumber: some of those who text with him have names, two groups, and two templates."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Account
from messaging import people
from messaging.models import Consent, Contact, ContactGroup, Template, Thread

NAMES = (
    ("Élise Côté", "fr", "mensuel"),
    ("José Roy", "fr", ""),
    ("Margaret Fraser", "en", "condo"),
    ("Marie-Ève Tremblay", "fr", "mensuel"),
    ("Gagnon Électrique inc.", "fr", "fournisseur"),
    ("Ahmed Benali", "fr", ""),
    ("John O'Brien", "en", "condo"),
    ("Nathalie Gauthier", "fr", ""),
)
BEYOND = 6  # the newest conversations keep their bare numbers, as most do
TEMPLATES = (
    (
        "Appointment",
        "Hi {{first_name}}, a reminder of your appointment tomorrow. Answer here to change it.",
        "Bonjour {{first_name}}, un rappel de votre rendez-vous demain. Répondez ici pour le changer.",
    ),
    (
        "Thanks",
        "Thank you for your trust, {{first_name}}! Call any time.",
        "Merci de votre confiance, {{first_name}}! Appelez en tout temps.",
    ),
)


def write_down(account: Account) -> None:
    """Safe to call twice: who is written down already stays."""
    threads = Thread.objects.for_account(account).filter(contact_number__startswith="+1", contact_name="")
    numbers = list(dict.fromkeys(threads.order_by("-last_at", "pk").values_list("contact_number", flat=True)))
    if not Contact.objects.for_account(account).exists():
        for number, told in zip(numbers[BEYOND:], NAMES, strict=False):
            _person(account, number, *told)
    for name, english, french in TEMPLATES:
        Template.objects.get_or_create(account=account, name=name, defaults={"body_en": english, "body_fr": french})


def _person(account: Account, number: str, name: str, language: str, tags: str) -> None:
    contact = Contact.objects.create(account=account, number=number, name=name, language=language, tags=tags)
    people.show_name(account.pk, number, name)
    group = "Condos" if tags == "condo" else "Monthly customers"
    if tags in ("condo", "mensuel"):
        ContactGroup.objects.get_or_create(account=account, name=group)[0].contacts.add(contact)
        given = timezone.localdate() - timedelta(days=200)
        Consent.objects.create(contact=contact, kind="express", source="Service contract", given_on=given)
