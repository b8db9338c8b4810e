"""What the tour needs of numbers that are got, changed and ported: made over the pages themselves, once for a stack."""

import re
import time
from functools import cache

from requests import Response

from tests.stack import Stack
from tests.visitor import Visitor

SOON = 30  # seconds in which a worker has asked an upstream
FREE = "+15145550143"  # a number of nobody here
PUT_OFF = """
from datetime import timedelta
from django.utils import timezone
from numbering.models import BackOrder
from providers.models import Operation
order = BackOrder.objects.get(public_id="{public_id}")
tomorrow = timezone.now() + timedelta(days=1)
print(Operation.objects.filter(pk=order.operation_id).update(state="queued", was_unknown=False, due_at=tomorrow))
"""


@cache
def paths(stack: Stack, person: str, number: int) -> dict[str, str]:
    """The name of each page and its path; `number` is the id of one that can be changed."""
    visitor = Visitor(stack.base_url).sign_in(person)
    places, awaited = _back_order(visitor)
    return {
        **_search_and_order(visitor),
        "number-looked-up": _lookup(visitor),
        "back-order-places": places,
        "back-order-made": awaited,
        "back-order-withdraw": f"{_kept_waiting(stack, visitor)}withdraw/",
        "number-batch": _batch(visitor, number),
        "port-bundle": _bundle(visitor),
    }


def _search_and_order(visitor: Visitor) -> dict[str, str]:
    """A search that found numbers, the review of an order, and an order."""
    form = visitor.form("/numbers/find/", "area_code")
    found = _until(visitor, _sent(visitor, form.action, form.values | {"area_code": "514"}), "/order/?numbers=")
    review = re.search(r'href="(/numbers/find/[^"]+/order/\?numbers=[^"]+)"', visitor.get(found).text)[1]
    form = visitor.form(review, "intent", "price")
    order = _sent(visitor, form.action, form.values)
    return {"number-found": found, "number-order-new": review, "number-order": order}


def _lookup(visitor: Visitor) -> str:
    """A number that was looked up."""
    form = visitor.form("/numbers/lookup/", "intent", "number")
    return _sent(visitor, form.action, form.values | {"number": FREE})


def _back_order(visitor: Visitor) -> tuple[str, str]:
    """The places of an area code, and an order in one of them."""
    form = visitor.form("/numbers/back-orders/new/", "area_code")
    places = _sent(visitor, form.action, form.values | {"area_code": "514"})
    _until(visitor, places, 'name="intent"')
    form = visitor.form(places, "intent", "place_id")
    place = re.search(r'<option value="([^"]+)"', visitor.get(places).text.partition('name="place_id"')[2])[1]
    return places, _sent(visitor, form.action, form.values | {"place_id": place, "quantity": "2", "unknown": "on"})


def _kept_waiting(stack: Stack, visitor: Visitor) -> str:
    """Another one, as it stands while its upstream shuts us out for a day: queued, and due only then."""
    _, path = _back_order(visitor)
    code = PUT_OFF.format(public_id=path.rstrip("/").rpartition("/")[2])
    said = stack.manage("shell", "--verbosity", "0", "-c", code).stdout
    assert said.strip() == "1", said
    return path


def _batch(visitor: Visitor, number: int) -> str:
    """A change of one number as one of many, tried and never begun."""
    form = visitor.form(f"/numbers/change/?n={number}", "intent")
    return _sent(visitor, form.action, form.values | {"cost_center": "Tour"})


def _bundle(visitor: Visitor) -> str:
    """A local and a toll-free number, which carriers move apart, under one name."""
    form = visitor.form("/numbers/ports/new/", "intent", "numbers")
    values = form.values | {"numbers": "+14505550172\n+18885550172", "title": "The tour's"}
    page = _sent(visitor, form.action, values)
    return re.search(r'href="(/numbers/ports/together/[^"]+)"', visitor.get(re.sub(r"page/.*", "", page)).text)[1]


def _sent(visitor: Visitor, path: str, values: dict) -> str:
    answer: Response = visitor.post(path, values)
    assert answer.status_code == 302, (path, answer.status_code, answer.text)
    return answer.headers["Location"]


def _until(visitor: Visitor, path: str, words: str) -> str:
    end = time.monotonic() + SOON
    while words not in visitor.get(path).text:
        assert time.monotonic() < end, f"{path} never says {words}"
        time.sleep(0.3)
    return path
