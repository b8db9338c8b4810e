"""What makes carriers reject a port although each field is right: parts of a request that do not fit together (row D4)."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.presenting import day, phone
from numbering.forms import number_lists

OLDEST_BILL = timedelta(days=60)
NOT_HERE = gettext_lazy("Add the main number of the bill to the numbers to bring over, or to those that stay.")


def read_list(text: str) -> list[str]:
    """Numbers of the losing account that are not brought over. Raises `ValidationError` for what is no number."""
    good, bad = number_lists.read(text)
    if bad:
        text = _("“%(text)s” is no number: %(reason)s.")
        raise ValidationError([text % {"text": item.text, "reason": item.reason} for item in bad[:20]])
    return good


def mistakes(said: dict) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it) for what a request says as a whole; `said` has the draft's names."""
    yield from _twice(said)
    yield from _main_number(said)
    if said.get("current_reseller") and "current_reseller_account" in said and not said["current_reseller_account"]:
        yield "current_reseller_account", _("A reseller's customers are found by their account number.")
    if said.get("numbers_to_cancel") and not said.get("cancel_is_meant"):
        yield "cancel_is_meant", _("Please confirm, or empty the list of numbers to disconnect.")


def _twice(said: dict) -> Iterator[tuple[str, str]]:
    coming = set(said.get("numbers", ()))
    keeping = set(said.get("numbers_to_keep", ()))
    both = _("%(number)s is in the list of numbers to bring over too.")
    for name in ("numbers_to_keep", "numbers_to_cancel"):
        for number in sorted(coming & set(said.get(name, ())))[:5]:
            yield name, both % {"number": phone(number)}
    for number in sorted(keeping & set(said.get("numbers_to_cancel", ())))[:5]:
        yield "numbers_to_cancel", _("%(number)s is in the list of those that stay.") % {"number": phone(number)}


def _main_number(said: dict) -> Iterator[tuple[str, str]]:
    coming, keeping = list(said.get("numbers", ())), list(said.get("numbers_to_keep", ()))
    main = said.get("billing_number") or (coming[0] if coming else "")
    if main and "numbers_to_keep" in said and main not in coming and main not in keeping:
        yield "billing_number", str(NOT_HERE)
    heir = said.get("new_billing_number")
    if keeping and main in coming and not heir:
        text = _("%(number)s leaves: say which of the numbers that stay becomes the main one.")
        yield "new_billing_number", text % {"number": phone(main)}
    if heir and heir not in keeping:
        yield "new_billing_number", _("Choose one of the numbers that stay.")


def check_bill_date(dated: date, today: date) -> None:
    """Raises `ValidationError` for a bill from the future, or one so old that every carrier refuses it."""
    if dated > today:
        raise ValidationError(_("This day is still to come."))
    if today - dated > OLDEST_BILL:
        text = _("A bill of %(day)s is too old: carriers want one of the last 30 days.")
        raise ValidationError(text % {"day": day(dated)})
