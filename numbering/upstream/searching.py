"""Numbers for sale, asked of the upstream by a worker: what it can narrow by itself it does, the rest is done here."""

from datetime import timedelta

from django.utils import timezone

from accounts.roles import May
from providers.clients.base import Client
from providers.clients.records import AvailableNumber
from providers.models import Operation
from providers.operations import VERBS, Verb
from providers.outbox import Settlement, Sight

SEARCH = "numbers.search"
PLACES = "numbers.places"  # see back_orders
KEEP = timedelta(days=7)  # answers are worth half an hour; a week is for whoever asks what was shown
AT_ONCE = 500
MOST = 60  # numbers shown of one upstream


def register() -> None:
    VERBS[SEARCH] = Verb(
        execute=search, settle=settle, changed=_nothing_follows, needs=May.CHANGE_NUMBERS, even_suspended=True
    )


def search(client: Client, operation: Operation) -> dict:
    """Numbers that fit, the lowest first, with their prices where the upstream tells them."""
    wanted = operation.arguments["wanted"]
    asked = {name: value for name, value in wanted.items() if name in client.finds_by}
    if wanted.get("kind") == "tollfree":
        asked.pop("area_code", None)  # upstreams know area codes of places only
    found = [one for one in client.available_numbers(**asked) if _fits(one, wanted)]
    found.sort(key=lambda one: one.number)
    rows = in_a_row(found, wanted.get("run", 1))
    return {"numbers": [as_json(one) for one in rows[:MOST]], "more": len(rows) > MOST, "unread": len(client.unread)}


def settle(client: Client, operation: Operation) -> Settlement:
    """A question changes nothing: without a clear answer it is asked again."""
    return Settlement(Sight.FOUND, search(client, operation))


def _fits(one: AvailableNumber, wanted: dict) -> bool:
    """Also for what upstream was asked: what it understood otherwise is not shown."""
    local = one.number.removeprefix("+1")
    if not local.startswith(wanted.get("area_code", "")) or not local.endswith(wanted.get("ending", "")):
        return False
    prefix = wanted.get("prefix", "")
    return (not prefix or local[3:6] == prefix) and (one.sms or not wanted.get("sms"))


def in_a_row(found: list[AvailableNumber], run: int) -> list[AvailableNumber]:
    """Those that stand in a sequence of at least `run` numbers. `found` is in order."""
    runs: list[list[AvailableNumber]] = []
    for one in found:
        if runs and int(one.number) == int(runs[-1][-1].number) + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return [one for group in runs if len(group) >= run for one in group]


def as_json(one: AvailableNumber) -> dict:
    fees = {name: None if fee is None else str(fee) for name, fee in _fees(one).items()}
    plain = {name: getattr(one, name) for name in ("number", "city", "region", "rate_center", "sms", "currency")}
    return {**plain, **fees}


def _fees(one: AvailableNumber) -> dict:
    return {"setup_fee": one.setup_fee, "monthly_fee": one.monthly_fee}


def _nothing_follows(operation: Operation) -> None:
    """The page reads the outcome off the operation itself."""


def forget_old() -> int:
    """Questions of long ago, which nothing refers to. Returns how many went; the next run takes the rest."""
    old = Operation.objects.filter(verb__in=[SEARCH, PLACES], finished_at__lt=timezone.now() - KEEP)
    pks = list(old.values_list("pk", flat=True)[:AT_ONCE])
    return Operation.objects.filter(pk__in=pks).delete()[0]
