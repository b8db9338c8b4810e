"""The search over what was sent in the last days."""

from .. import lag
from . import atlas, checks, life
from .checks import F
from .groups import page
from .sending import KINDS

STATES = ("acceptd", "enroute", "delivrd", "undeliv", "expired", "rejectd", "deleted", "unknown")
DEFAULT_LIMIT = 100
SEARCH = (
    F("MCC", checks.integer(1, 999)),
    F("MNC", checks.integer(0, 999)),
    F("sender", checks.text(15)),
    F("phone", checks.digits, many=True),
    F("id_base", checks.integer(1), many=True),
    F("time_period", checks.period),
    F("type_sms", checks.enum(*KINDS)),
    F("limit", checks.integer(1, 10_000), default=DEFAULT_LIMIT),
    F("state", checks.enum(*STATES), many=True),
    F("offset", checks.integer(), default=0),
)


def matcher(desk):
    values = desk.values
    oldest = desk.now - desk.upstream.state["limits"]["log_days"] * 86_400
    start, end = values["time_period"] or (0, float("inf"))

    def fits(row):
        mcc, mnc = atlas.codes_of(row["phone"])
        return (
            max(oldest, start) <= row["at"] < end
            and values["MCC"] in (None, mcc)
            and values["MNC"] in (None, mnc)
            and values["sender"] in (None, row["originator"])
            and (not values["phone"] or row["phone"] in values["phone"])
            and (not values["id_base"] or any(one in row["groups"] for one in values["id_base"]))
            and values["type_sms"] in (None, row["type"])
            and (not values["state"] or row["state"].lower() in values["state"])
            and not lag.hidden(desk.call, row["at"], desk.now, row["message"])
        )

    return fits


def search(desk):
    """Newest first, a row for each part; `offset` counts pages of `limit` rows."""
    fits = matcher(desk)
    rows = [row for row in reversed(desk.account["log"]) if fits(row)]
    found = page(rows, desk.values["limit"], desk.values["offset"])
    return [life.shown(desk.upstream, row) for row in found]
