"""Bodies: what a request carries, as an object or a list of objects; and the two envelopes of an answer."""

import json

from ..request import Response
from .refusals import Refusal, by_field

MOST = 100
QUERY = ("senderID", "text", "type", "lifetime", "beginDate", "beginTime")
CONTENT_TYPE = "application/json; charset=UTF-8"


def content(request):
    """The JSON of a request, or None when it has none; raises ValueError."""
    return json.loads(request.body.decode("utf-8")) if request.body.strip() else None


def object_of(request):
    """A lone empty list stands for nothing, as one client of the platform sends it."""
    try:
        found = content(request)
    except ValueError:
        raise Refusal("invalid_json") from None
    if found in (None, []):
        return {}
    if not isinstance(found, dict):
        raise Refusal("invalid_json")
    return found


def items_of(request):
    """A package: a list of objects, or one object alone."""
    try:
        found = content(request)
    except ValueError:
        raise Refusal("invalid_json") from None
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Refusal("invalid_json")
    if not 1 <= len(found) <= MOST:
        raise by_field("number", f"A package has 1 to {MOST} messages.")
    return found


def queried(params):
    """The older way in: the query as the one item of a package. A sample writes the type with a mark behind it."""
    item = {name: params[name] for name in QUERY if params.get(name)}
    item["number"] = [one.strip() for one in params.get("phone", "").split(",") if one.strip()]
    if item.get("type"):
        item["type"] = item["type"].rstrip("!")
    wanted = params.get("delivery", "TRUE").upper()
    if wanted not in ("TRUE", "FALSE"):
        raise by_field("delivery", "Must be TRUE or FALSE.")
    return {**item, "delivery": wanted == "TRUE"}


def answer(value, status=200):
    return Response(status, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), CONTENT_TYPE)


def success(data):
    return answer({"status": True, "data": data})


def failure(refusal):
    """The error code repeats the HTTP status."""
    return answer({"status": False, "error_code": refusal.status, "errors": refusal.errors}, refusal.status)
