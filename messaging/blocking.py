"""Senders nobody wants to hear from: their texts are kept, but make no sound and stand in a folder of their own."""

from django.db import transaction

from accounts.actor import Actor
from messaging import people
from messaging.models import Contact, Thread


def is_blocked(thread: Thread) -> bool:
    rows = Contact.objects.for_account(thread.account_id).filter(number=thread.contact_number)
    return rows.filter(blocked_at__isnull=False).exists()


def block(actor: Actor, thread: Thread, blocked: bool) -> None:
    """All conversations with this contact, whichever of our numbers they use. Who had no contact's row gets one."""
    with transaction.atomic():
        sides = {"account": thread.account, "number": thread.contact_number}
        contact, _ = Contact.objects.get_or_create(**sides, defaults={"name": thread.contact_name})
        people.block(actor, contact, blocked)
