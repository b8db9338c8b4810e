"""The audit trail in words that a customer reads."""

from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry
from accounts.presenting import when

LONGEST = 120

# What was done, by the action's name. Staff's acts in the admin and acts without a line here show their own name.
ACTS = {
    "account.entered": _("opened the account"),
    "account.suspended": _("suspended the account"),
    "account.resumed": _("resumed the account"),
    "admin.added": _("added, in the admin"),
    "admin.changed": _("changed, in the admin"),
    "admin.deleted": _("deleted, in the admin"),
    "balance.threshold_changed": _("changed the balance warning"),
    "e911.asked": _("asked for a 911 address"),
    "e911.removal_asked": _("asked to remove a 911 address"),
    "ledger.exported": _("exported the ledger"),
    "message.deleted": _("deleted a text"),
    "message.resent": _("tried a text again"),
    "message.sent": _("sent a text"),
    "number.change_discarded": _("dropped a refused change of a number"),
    "number.changed": _("changed a number"),
    "number.noted": _("changed the notes of a number"),
    "number.retried": _("tried a change of a number again"),
    "numbers.moved": _("moved numbers"),
    "person.changed": _("changed their profile"),
    "person.invited": _("invited a person"),
    "person.invited_again": _("invited a person again"),
    "port.changed": _("changed a port request"),
    "port.document_added": _("added a document to a port request"),
    "port.started": _("started a port request"),
    "port.submitted": _("submitted a port request"),
    "subaccount.created": _("created the sub-account"),
    "subaccount.linked": _("linked the sub-account"),
    "subaccount.resume_asked": _("asked to resume the sub-account"),
    "subaccount.retried": _("tried a change of the sub-account again"),
    "subaccount.suspend_asked": _("asked to suspend the sub-account"),
    "thread.archived": _("archived a conversation"),
    "thread.restored": _("restored a conversation"),
    "thread.marked_unread": _("marked a conversation unread"),
    "thread.read": _("read a conversation"),
    "thread.renamed": _("renamed a contact"),
}


def activity_row(entry: AuditEntry) -> dict:
    names = [*entry.after, *(name for name in entry.before if name not in entry.after)]
    return {
        "at": when(entry.at),
        "who": entry.actor_name,
        "through": str(entry.acting_from) if entry.acting_from else "",
        "what": ACTS.get(entry.action, entry.action),
        "subject": entry.subject,
        "changes": [
            {"name": name, "before": _text(entry.before.get(name)), "after": _text(entry.after.get(name))}
            for name in names
        ],
    }


def _text(value) -> str:
    """A value of a change, short: the whole one is kept in the trail."""
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, (list, tuple)):
        text = ", ".join(map(str, value))
    elif isinstance(value, dict):
        text = ", ".join(str(part) for part in value.values() if part not in (None, ""))
    else:
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
