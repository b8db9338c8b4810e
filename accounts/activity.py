"""The audit trail in words that a customer reads."""

import re
from datetime import date

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEntry, SubaccountChange
from accounts.presenting import day, phone, when
from accounts.roles import Role

LONGEST = 120
E164 = re.compile(r"\+\d{8,15}\b")
DAY = re.compile(r"\d{4}-\d\d-\d\d")

# What was done, by the action's name. Staff's acts in the admin and acts without a line here show their own name.
ACTS = {
    "account.entered": _("opened the account"),
    "account.suspended": _("suspended the account"),
    "account.resumed": _("resumed the account"),
    "admin.added": _("added, in the admin"),
    "admin.changed": _("changed, in the admin"),
    "admin.deleted": _("deleted, in the admin"),
    "balance.threshold_changed": _("changed the balance warning"),
    "consent.recorded": _("recorded a consent"),
    "contact.blocked": _("blocked a contact"),
    "contact.changed": _("changed a contact"),
    "contact.created": _("wrote down a contact"),
    "contact.deleted": _("deleted a contact"),
    "contact.merged": _("merged two contacts"),
    "contact.unblocked": _("unblocked a contact"),
    "contacts.imported": _("imported contacts"),
    "contacts.upload_deleted": _("deleted a file of contacts"),
    "contacts.uploaded": _("uploaded a file of contacts"),
    "device.tie_asked": _("asked to tie a device to a 911 address"),
    "device.untie_asked": _("asked to untie a device from a 911 address"),
    "directory.asked": _("asked to list a number in the directory"),
    "directory.removal_asked": _("asked to take a number out of the directory"),
    "e911.asked": _("asked for a 911 address"),
    "e911.confirmed": _("confirmed a 911 address"),
    "e911.many_asked": _("asked for one 911 address for several numbers"),
    "e911.terms_accepted": _("accepted the limits of 911"),
    "e911_place.changed": _("changed an address of the book"),
    "e911_place.removed": _("deleted an address of the book"),
    "e911_place.written": _("wrote an address into the book"),
    "e911.removal_asked": _("asked to remove a 911 address"),
    "group.added_to": _("added contacts to a group"),
    "group.created": _("made a group"),
    "group.deleted": _("deleted a group"),
    "group.removed_from": _("took contacts out of a group"),
    "group.renamed": _("renamed a group"),
    "ledger.exported": _("exported the ledger"),
    "message.deleted": _("deleted a text"),
    "message.resent": _("tried a text again"),
    "message.sent": _("sent a text"),
    "number.back_ordered": _("ordered numbers that are not in stock"),
    "number.back_order_stopped": _("put away an order of numbers"),
    "number.change_discarded": _("dropped a refused change of a number"),
    "number.changed": _("changed a number"),
    "number.left": _("kept the notes of a number that went elsewhere"),
    "number.looked_up": _("looked up a number"),
    "number.noted": _("changed the notes of a number"),
    "number.ordered": _("ordered numbers"),
    "number.release_asked": _("released a number, with days to undo it"),
    "number.release_undone": _("kept a number after all"),
    "number.released": _("gave a number back"),
    "number.retried": _("tried a change of a number again"),
    "numbers.changed_together": _("changed many numbers"),
    "numbers.leaving": _("learned that a port request takes numbers away"),
    "numbers.moved": _("moved numbers"),
    "numbers.upload_deleted": _("dropped a change of many numbers"),
    "numbers.uploaded": _("uploaded a file of numbers"),
    "operation.stopped": _("asked for a change that was not made"),
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
    "template.changed": _("changed a template"),
    "template.created": _("wrote a template"),
    "template.deleted": _("deleted a template"),
    "thread.archived": _("archived a conversation"),
    "thread.restored": _("restored a conversation"),
    "thread.marked_unread": _("marked a conversation unread"),
    "thread.read": _("read a conversation"),
    "thread.renamed": _("renamed a contact"),
}

# What a changed value is called, and the ones that say nothing to a person; the trail keeps them all.
SILENT = {"archived_at", "blocked_at", "features", "rows", "message", "read_at", "reference", "subaccount_id", "unread"}
NAMES = {
    "address": _("Service address"),
    "birthday": _("Birthday"),
    "body_en": _("English"),
    "body_fr": _("French"),
    "caller_id_name": _("Caller ID name"),
    "capacity": _("Calls at the same time"),
    "change": _("Change"),
    "city": _("City"),
    "civic_number": _("Civic number"),
    "comments": _("Comment at the provider"),
    "contacts": _("Contacts"),
    "contact_name": _("Name"),
    "cost_center": _("Cost centre"),
    "country": _("Country"),
    "current_provider": _("Current provider"),
    "current_reseller": _("Reseller"),
    "current_reseller_account": _("Account number there"),
    "expires_on": _("Ends on"),
    "forward_after": _("Forward when"),
    "forward_to": _("Forward to"),
    "forwarding": _("Forward calls"),
    "given_on": _("Given on"),
    "instructions": _("Instructions"),
    "kind": _("Kind"),
    "label": _("Name"),
    "language": _("Language"),
    "name": _("Name"),
    "note": _("Note"),
    "notes": _("Notes"),
    "number": _("Number"),
    "numbers": _("Numbers"),
    "organization": _("Name on the bill"),
    "organization_kind": _("This service is"),
    "owner": _("Owner's e-mail"),
    "picture": _("Picture"),
    "postal_code": _("Postal or ZIP code"),
    "price": _("Price"),
    "quantity": _("How many"),
    "reason": _("Reason"),
    "recipients": _("Also tell"),
    "release_at": _("Given back on"),
    "region": _("Province or state"),
    "role": _("Role"),
    "since": _("From"),
    "size": _("Size"),
    "sms": _("Texting"),
    "sms_autoreply": _("Automatic reply"),
    "sms_email": _("Copy by e-mail to"),
    "sms_forward_to": _("Forward texts to"),
    "sms_webhook": _("Texts arrive at"),
    "sms_webhook_retry": _("Try again when the address does not answer"),
    "source": _("How it was given"),
    "street": _("Street"),
    "tags": _("Tags"),
    "text": _("Search"),
    "time_zone": _("Time zone"),
    "title": _("Name of this request"),
    "unit": _("Unit"),
    "unit_type": _("Kind of unit"),
    "until": _("To"),
    "upstream": _("Upstream"),
    "voicemail": _("Voicemail"),
    "wanted_on": _("Wanted date"),
    "warn_below": _("Warn below"),
}
# Values that stand for a word.
WORDS = {
    "role": dict(Role.choices),
    "change": dict(SubaccountChange.Kind.choices),
    "language": dict(settings.LANGUAGES),
    "organization_kind": {"business": _("For a business"), "personal": _("Personal")},
    "kind": {
        "local": _("Local numbers"), "tollfree": _("Toll-free numbers"), "loa": _("Letter of authorization"),
        "bill": _("Recent bill"), "other": _("Other"), "charge": _("Charge"), "invoice": _("Invoice"),
        "payment": _("Payment"), "credit": _("Credit"), "refund": _("Refund"), "return": _("Returned payment"),
    },
}  # fmt: skip


def activity_row(entry: AuditEntry) -> dict:
    names = [*entry.after, *(name for name in entry.before if name not in entry.after)]
    return {
        "at": when(entry.at),
        "who": entry.actor_name,
        "through": str(entry.acting_from) if entry.acting_from else "",
        "what": ACTS.get(entry.action, entry.action),
        "subject": _phones(entry.subject),
        "changes": [
            {
                "name": NAMES.get(name, name.replace("_", " ")),
                "before": _said(name, entry.before.get(name)),
                "after": _said(name, entry.after.get(name)),
            }
            for name in names
            if name not in SILENT
        ],
    }


def _said(name: str, value) -> str:
    """The value in words: what stands for a word, a yes or no, a day or a phone number is written as one."""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    text = _text(value)
    if text in WORDS.get(name, {}):
        return str(WORDS[name][text])
    return day(date.fromisoformat(text)) if DAY.fullmatch(text) else _phones(text)


def _phones(text: str) -> str:
    return E164.sub(lambda found: phone(found[0]), text)


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
