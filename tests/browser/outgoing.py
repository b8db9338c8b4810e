"""What the tour needs of texts that go out later: a campaign to start, one that waits for its day, a scheduled text."""

import re
import time
import uuid
from datetime import date, timedelta

from tests.visitor import Visitor

NEW = "/messages/campaigns/new/"
SOON = 20  # seconds in which a worker has checked a few rows
FILE = ("people.csv", "phone,first name\n514 200-0101,Anne\n514 200-0101,Anne\n911,Zoé\n")


def ready_campaign(visitor: Visitor) -> str:
    """The path of one that was checked and never starts; made once for a stack."""
    return _checked(visitor, "Rabais", {})


def running_campaign(visitor: Visitor) -> str:
    """The path of one that was started and begins in half a year."""
    path = _checked(visitor, "Rabais d'été", {"send_on": _in(180), "send_time": "10:00"})
    answer = visitor.get(path)
    if "/start/" in answer.text:
        form = visitor.form(path, "intent", "seen")
        assert visitor.post(form.action, form.values).status_code == 302
    return path


def _checked(visitor: Visitor, name: str, more: dict) -> str:
    form = visitor.form(NEW, "intent", "body_en")
    written = {"name": name, "body_en": "Hi {{first_name}}", "intent": _key(visitor, name), **more}
    answer = visitor.post(NEW, form.values | written, files={"file": FILE})
    assert answer.status_code == 302, answer.text
    end = time.monotonic() + SOON
    while "/edit/" not in (page := visitor.get(answer.headers["Location"]).text) and "/stop/" not in page:
        assert time.monotonic() < end, "no worker has checked the campaign"
        time.sleep(0.2)
    return answer.headers["Location"]


def scheduled_text(visitor: Visitor) -> str:
    """The path of a text that goes out in half a year."""
    form = visitor.form("/messages/compose/", "intent", "body", "to")
    written = {"to": "514 200-0101", "body": "Until then", "intent": _key(visitor, "later")}
    answer = visitor.post("/messages/compose/", form.values | written | {"send_on": _in(180), "send_time": "10:00"})
    assert answer.status_code == 302, answer.text
    return re.search(r"/messages/texts/[0-9a-f-]+/later/", visitor.get("/messages/scheduled/").text)[0]


def settled_text(visitor: Visitor, thread: int) -> str:
    """The path by which a text of a conversation is deleted."""
    return re.search(r"/messages/texts/[0-9a-f-]+/delete/", visitor.get(f"/messages/{thread}/").text)[0]


def _in(days: int) -> str:
    return str(date.today() + timedelta(days=days))


def _key(visitor: Visitor, name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{visitor.base_url}/{name}"))
