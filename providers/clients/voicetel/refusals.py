"""What an answer of VoiceTel means before its payload is read: the HTTP status decides, then `status` in the body.

Ordering and porting use statuses of their own (410 to 432, 470), and 409 stands for a conflict as well as for a list of
which a part was done: see `partial`.
"""

import re
from dataclasses import dataclass

from providers.clients.errors import (
    AddressRejected,
    Cause,
    CredentialsRefused,
    NotFound,
    Problem,
    Rejected,
    Unclear,
    Unreadable,
    UpstreamError,
)
from providers.clients.redaction import Redactor
from providers.clients.voicetel.routes import Route


@dataclass(frozen=True, slots=True)
class Refusal:
    error: type[UpstreamError]
    cause: Cause
    words: str
    bare: bool = True  # whether the status alone says it; otherwise only with VoiceTel's own body


# voicetel.yaml: the errors of all calls
STATUSES = {
    400: Refusal(Rejected, Cause.INVALID, "a field is missing or wrong"),
    401: Refusal(CredentialsRefused, Cause.CREDENTIALS, "the key is refused"),
    402: Refusal(Rejected, Cause.FUNDS, "the balance is too low"),
    403: Refusal(Rejected, Cause.PERMISSION, "only administrators may do this"),
    404: Refusal(NotFound, Cause.NOT_FOUND, "nothing was found", bare=False),
    405: Refusal(Rejected, Cause.SOURCE, "messaging is not enabled on the account or the number"),
    406: Refusal(Rejected, Cause.OPTED_OUT, "the recipient has opted out"),
    409: Refusal(Rejected, Cause.TAKEN, "a conflict", bare=False),
    410: Refusal(Unclear, Cause.THEIR_FAULT, "a failure of the database"),
    411: Refusal(Unclear, Cause.THEIR_FAULT, "an unknown failure"),
    412: Refusal(Rejected, Cause.NOT_NOW, "the portability check is missing"),
    414: Refusal(Rejected, Cause.MISSING, "required fields are missing"),
    422: Refusal(Rejected, Cause.NOT_NOW, "the gateway refused it, or the limit of an order is reached"),
    430: Refusal(NotFound, Cause.NOT_FOUND, "no result", bare=False),
    431: Refusal(Rejected, Cause.NOT_NOW, "impossible for the moment"),
    432: Refusal(Rejected, Cause.SOURCE, "the number is excluded"),
    470: Refusal(Rejected, Cause.DUPLICATE, "a brand of that name exists"),
}
# Where a status means something else or more for one call.
CAUSES = {
    ("sms", 422): Cause.DESTINATION,
    ("mms", 422): Cause.DESTINATION,
    ("accountAdd", 409): Cause.TAKEN,
    ("accountSignup", 409): Cause.DUPLICATE,
    ("tnInventory", 409): Cause.INVALID,
    ("tnInventoryCoverage", 409): Cause.INVALID,
    ("portStatus", 409): Cause.THEIR_FAULT,
    ("portInOrder", 409): Cause.INVALID,
    ("portInAvailability", 409): Cause.INVALID,
    ("portOutPinUpdate", 409): Cause.INVALID,
}
FIELD_OF_STATUS = {405: "source", 406: "destination"}
ADDRESS_CALLS = frozenset(("e911ValidateAddress", "e911ValidateAndProvision", "e911ProvisionAddress"))
NO_SUCH_RECORD = frozenset(("e911QueryRecord", "e911RemoveRecord"))  # answer 409 where others answer 404
# Their fields and ours.
FIELDS = {
    "messageText": "body",
    "mmsURL": "media_url",
    "mmsSubject": "subject",
    "dn": "number",
    "tn": "number",
    "cid": "number",
    "address1": "street",
    "address2": "unit",
    "zip": "postal_code",
    "state": "region",
    "callername": "name",
    "desiredDueDate": "wanted_on",
    "tnMask": "area_code",
    "rateCenter": "city",
    "province": "region",
    "accountNum": "account_number",
    "accountPin": "account_pin",
    "authName": "authorized_by",
    "atn": "billing_number",
    "masterAccount": "master",
}
_FIELD = re.compile(r"^Field(?P<missing> Required)?: *(?P<name>[\w.\[\]-]{1,60})")
_ABOUT_KEY = re.compile(r"api ?key|bearer|token|credential|password", re.IGNORECASE)


def check(tree, route: Route, status: int, redactor: Redactor) -> dict:
    """The answer, when it is a success. Raises the error that any other means."""
    said = tree.get("status") if isinstance(tree, dict) else None
    if not isinstance(said, str) or not said:
        raise Unreadable("the answer has no status", code="no-status")
    if said.casefold() == "success":
        return tree
    told = str(tree.get("statusCode", ""))
    raise refusal_of(tree, route, int(told) if told in _CODES else status, redactor)


def refusal_of(tree, route: Route, status: int, redactor: Redactor) -> UpstreamError:
    """Our error for a status and the body beside it (None when there is none that can be read)."""
    row = STATUSES.get(status)
    words = said_in(tree, redactor)
    said = {"code": f"http-{status}", "words": words}
    if row is None or (tree is None and not row.bare):
        return Unclear("VoiceTel failed for a reason that it does not document", cause=Cause.UNKNOWN, **said)
    said["cause"] = CAUSES.get((route.call, status), row.cause)
    if status == 401 and route.owned and not about_key(words):
        said["cause"] = Cause.PERMISSION  # the key, or a number of somebody else: nothing was done in either case
        return Rejected("VoiceTel refused the key or the object", problems=_problems(status, words, said), **said)
    if row.error not in (Rejected, NotFound):
        return row.error(f"VoiceTel: {row.words}", **said)
    return _rejection(route, status, row, words, said, _address_rows(tree))


def _address_rows(tree) -> tuple[dict, ...]:
    """Addresses beside a refusal, if any: no document promises them, so any list of rows with a street counts."""
    lists = [value for value in tree.values() if isinstance(value, list)] if isinstance(tree, dict) else []
    return tuple(row for rows in lists for row in rows if isinstance(row, dict) and "address1" in row)


def _rejection(
    route: Route, status: int, row: Refusal, words: tuple[str, ...], said: dict, rows: tuple[dict, ...]
) -> UpstreamError:
    if status == 400 and about_key(words) and route.signed and _required(words) == "apikey":
        return CredentialsRefused("VoiceTel wants a key", **said | {"cause": Cause.CREDENTIALS})
    if status == 400 and _required(words):
        said["cause"] = Cause.MISSING
    problems = _problems(status, words, said)
    if status == 409 and route.call in NO_SUCH_RECORD:
        return NotFound("VoiceTel has no record of this number", problems=problems, **said | {"cause": Cause.NOT_FOUND})
    if status in (400, 409) and route.call in ADDRESS_CALLS:
        said["cause"] = Cause.ADDRESS
        # The rows as they came; `emergency` makes addresses of them.
        return AddressRejected("VoiceTel did not accept the address", alternates=rows, problems=problems, **said)
    return row.error(f"VoiceTel: {row.words}", problems=problems, **said)


def _problems(status: int, words: tuple[str, ...], said: dict) -> tuple[Problem, ...]:
    found = next((match for word in words if (match := _FIELD.match(word))), None)
    name = found["name"].split(".")[-1].split("[")[0] if found else ""
    field = FIELDS.get(name, name) or FIELD_OF_STATUS.get(status, "")
    return (Problem(said["code"], field, " ".join(words), said["cause"]),)


def _required(words: tuple[str, ...]) -> str:
    found = next((match for word in words if (match := _FIELD.match(word))), None)
    return found["name"] if found and found["missing"] else ""


def about_key(words: tuple[str, ...]) -> bool:
    return any(_ABOUT_KEY.search(word) for word in words)


def said_in(tree, redactor: Redactor) -> tuple[str, ...]:
    """Their words, wherever this call puts them: `message` (a text or an object), `exception`, `requirement`, `numbers`."""
    if not isinstance(tree, dict):
        return ()
    message = tree.get("message")
    inner = [message.get("reason"), message.get("detail")] if isinstance(message, dict) else [message]
    told = [*inner, tree.get("requirement"), tree.get("exception"), tree.get("numbers")]
    return tuple(redactor.text(word, 500) for word in told if isinstance(word, str) and word.strip())


def refused_here(code: str, field: str, cause: Cause = Cause.INVALID, words: str = "") -> Rejected:
    """A refusal of our own, before anything was sent."""
    problems = (Problem(code, field, words, cause),)
    return Rejected("not sent: VoiceTel would refuse it", code=code, problems=problems, cause=cause)


_CODES = frozenset(map(str, STATUSES))
