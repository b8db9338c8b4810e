"""Nonsense in every query and every field: an answer, never a 500, never a script, never an act (B.1 31, 37, 42, 43).

The database of most tests is SQLite, which takes anything; `strict_database` refuses what PostgreSQL would.
"""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from accounts.models import Membership, SubaccountChange
from accounts.roles import Role
from messaging.models import Message
from numbering.models import PortRequest
from providers.models import Operation
from tests.cast import make_cast
from tests.factories import AccountFactory, RemoteAccountFactory
from tests.test_doors import DOORS

SCRIPT = "<script>alert(1)</script>"
NASTY = [
    "", "\0", "\0" * 40, "x" * 10_000, "-1", "0", str(2**63), "9" * 400, "1e309", "NaN", "٣", "²", "'; DROP TABLE x; --",
    "{{98765431*123456791}}", SCRIPT, f"\"'>{SCRIPT}", "%00", "😀" * 50, "\u202e\u200b\ufeff", "../../etc/passwd", "1_0", "1-9999999999999999999",
    "253402300800000000-1", "2026-13-45", "0001-01-01", "9999-12-31", "((((((((((", "\\", "a\r\nX-Evil: 1",
]  # fmt: skip
FEW = [
    "\0",
    "x" * 10_000,
    "-1",
    str(2**63),
    "9" * 400,
    "²",
    SCRIPT,
    "253402300800000000-1",
    "1-9999999999999999999",
    "9999-12-31_1",
]
RAW = ["%ED%A0%80", "%FF%FE", "%", "a&a[]=1&a=2", "%0d%0aX-Evil:%201"]  # not what a browser would encode
QUERIES = (
    "q", "after", "before", "only", "state", "can", "e911", "city", "upstream", "sort", "folder", "v", "open", "from", "to",
    "edit", "copy", "connection", "section", "kind", "since", "until", "find", "next", "cancel", "back", "page",
)  # fmt: skip
TARGETS = {
    "search": "search-results", "messages:inbox": "threads", "billing:overview": "ledger", "numbers:list": "number_list",
    "numbers:ports": "port_list", "numbers:e911": "e911_list", "subaccounts": "subaccount_list", "subaccount": "movable_numbers",
}  # fmt: skip
READ_ALONE = (
    "messages:since",
    "messages:unread",
    "accounts:activity",
)  # short answers whose every query is tried apart


def refuse_what_postgresql_refuses(execute, sql, params, many, context):
    for row in params if many else [params or ()]:
        for value in row.values() if isinstance(row, dict) else row:
            if isinstance(value, str) and (re.search("[\0\ud800-\udfff]", value) or "\\u0000" in value):
                raise ValueError(f"PostgreSQL takes no {value[:40]!r}")
    return execute(sql, params, many, context)


@pytest.fixture
def strict_database(db):
    with connection.execute_wrapper(refuse_what_postgresql_refuses):
        yield


@pytest.fixture
def cast(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cast = make_cast()
    RemoteAccountFactory(connection=cast.r.connection, external_id="orphan", account=None, name="Orphan")
    RemoteAccountFactory(connection=cast.r.connection, external_id="77", account=cast.a.account, name="A")
    return cast


@pytest.fixture
def visitor(client, cast, strict_database):
    """A reseller's owner, who has most pages, in an account with customers below."""
    client.raise_request_exception = False
    client.force_login(cast.r.people[Role.OWNER])
    return client


def addresses(cast) -> dict[str, str]:
    found = {name: reverse(name, kwargs=door.of(cast.r)) for name, door in DOORS.items()}
    customer = {"pk": cast.a.account.pk}
    for name in ("subaccount", "subaccount_suspend", "subaccount_resume", "subaccount_retry", "subaccount_invite"):
        found[name] = reverse(name, kwargs=customer)
    found["subaccount_numbers"] = reverse("subaccount_numbers", kwargs=customer)
    orphan = cast.r.connection.remote_accounts.get(external_id="orphan")
    return found | {"subaccount_link": reverse("subaccount_link", kwargs={"pk": orphan.pk})}


def check(response, what: str) -> None:
    assert response.status_code < 500 or response.request["PATH_INFO"] == "/health/ready", (
        f"{what}: {response.status_code}"
    )
    assert "X-Evil" not in response.headers, what
    if not response.streaming:
        assert SCRIPT.encode() not in response.content and b"12193263172991921" not in response.content, what


# --- queries ----------------------------------------------------------------------------------------------------------


def test_no_query_breaks_a_page(cast, visitor):
    """Every query that some page reads, all at once with the same nonsense."""
    queries = [*map(quote, NASTY), *RAW]
    for name, url in addresses(cast).items():
        target = TARGETS.get(name)
        headers = {"HX-Request": "true", "HX-Target": target} if target else {}
        for text in queries if DOORS[name].get else ():
            query = "&".join(f"{key}={text}" for key in QUERIES)
            check(visitor.get(f"{url}?{query}", headers=headers), f"{name} {text[:30]}")


def test_no_single_query_breaks_a_list(cast, visitor):
    """One at a time, so that a bad filter does not hide a bad place in the list."""
    for name in (*READ_ALONE, *TARGETS):
        url, target = addresses(cast)[name], TARGETS.get(name)
        headers = {"HX-Request": "true", "HX-Target": target} if target else {}
        for key in ("q", "after", "before", "v", "find") if target else ("after", "before", "v"):
            for text in FEW:
                check(visitor.get(f"{url}?{key}={quote(text)}", headers=headers), f"{name} {key}={text[:30]!r}")


HEADERS = ("HX-Target", "HX-Current-URL", "HX-Trigger", "Accept-Language", "X-Forwarded-For", "Referer", "User-Agent")


@pytest.mark.parametrize("door", ["home", "billing:overview", "numbers:list"])
def test_no_header_breaks_a_page(cast, visitor, settings, door):
    settings.BEHIND_PROXY = True
    values = [quote(text, safe="/:[]()<>{}'\";=&% ") for text in NASTY if text.isprintable()]
    for text in (
        *values,
        "http://[",
        "http://testserver:99999/",
        "balance-1²".encode().decode("latin-1"),
        "card-" + SCRIPT,
    ):
        headers = {"HX-Request": "true"} | dict.fromkeys(HEADERS, text)
        check(visitor.get(addresses(cast)[door], headers=headers), f"{door} {text[:30]!r}")


# --- forms ------------------------------------------------------------------------------------------------------------


class Fields(HTMLParser):
    """The forms of a page: action, and the names and first values of what is in them."""

    def __init__(self):
        super().__init__()
        self.forms: list[tuple[str, dict]] = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            is_post = values.get("method", "").lower() == "post"
            self.forms.append((values.get("action") or "" if is_post else "GET", {}))
        elif tag in ("input", "select", "textarea", "button") and self.forms and values.get("name"):
            self.forms[-1][1].setdefault(values["name"], values.get("value") or "")


def forms_of(page: str) -> list[tuple[str, dict]]:
    reader = Fields()
    reader.feed(page)
    return [(action, fields) for action, fields in reader.forms if action != "GET" and "/accounts/log" not in action]


PAGES = [
    "messages:compose", "messages:thread", "numbers:notes", "numbers:edit", "numbers:port_new", "numbers:port_whole", "numbers:port_edit", "numbers:port_page", "numbers:port",
    "numbers:find", "numbers:lookup", "numbers:release", "numbers:back_order", "numbers:back_order_new",
    "numbers:e911_number", "numbers:e911_remove", "billing:overview", "subaccount_new", "subaccount", "subaccount_suspend",
    "subaccount_link", "accounts:profile",
]  # fmt: skip
KEPT = {"intent", "version"}  # with which the page makes its form one act


def acts() -> tuple[int, ...]:
    models = (Operation, Message, PortRequest, SubaccountChange, Membership)
    return tuple(model.objects.count() for model in models)


# Here most nonsense is as good as anything else; what is too long, or no text at all, is refused here too.
FREE_TEXT = {"messages:thread", "numbers:edit", "subaccount_suspend"}


@pytest.mark.parametrize("name", PAGES)
def test_nonsense_in_every_field_is_an_answer_and_no_act(cast, visitor, name):
    """Every form of the page, filled with the same nonsense, under its own key and under a broken one."""
    page = addresses(cast)[name]
    forms = {
        (action, *fields): (action or page, fields) for action, fields in forms_of(visitor.get(page).content.decode())
    }
    assert forms, f"{name} shows no form"
    before = acts()
    for action, fields in forms.values():
        changeable = set(fields) - KEPT - {"csrfmiddlewaretoken"}
        kept = {key: fields[key] for key in KEPT & set(fields)}
        for text in ("\0", "x" * 10_000) if changeable else ():
            check(visitor.post(action, dict.fromkeys(changeable, text) | kept), f"{name} → {action} {text[:30]!r}")
        assert acts() == before, f"{name} → {action}: nonsense became an act"
        for text in NASTY if changeable else ():
            check(visitor.post(action, dict.fromkeys(changeable, text) | kept), f"{name} → {action} {text[:30]!r}")
        for text in FEW if kept else ():
            check(
                visitor.post(action, dict.fromkeys([*changeable, *KEPT], text)), f"{name} → {action} key {text[:30]!r}"
            )
        if name in FREE_TEXT:
            before = acts()
    assert acts() == before, f"{name}: nonsense became an act"


POSTED = (
    "account", "next", "language", "picture", "intent", "confirmed", "warn_below", "person", "numbers", "change", "choice", "kind",
    "file", "q", "sender", "to", "v", "action",
)  # fmt: skip


def test_no_posted_nonsense_breaks_a_door(cast, visitor):
    """Doors without a page of their own, with every field that any of them reads."""
    Message.objects.filter(state="failed").delete()  # trying one again needs no field at all
    before = acts()
    for name in sorted(name for name, door in DOORS.items() if not door.get):
        url = addresses(cast)[name]
        for text in NASTY:
            query = {"QUERY_STRING": f"q={quote(text)}&since={quote(text)}"}
            typed = dict.fromkeys(POSTED, text) | {
                "numbers": [text, text],
                "body": "\0",
                "name": "x" * 200,
                "reason": "",
            }
            check(visitor.post(url, typed, **query), f"{name} {text[:30]!r}")
        assert acts() == before, f"{name}: nonsense became an act"


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_body_of_another_kind_breaks_no_door(cast, visitor, kind):
    for name, url in addresses(cast).items():
        for body in (b'{"a": [1]}', b"--x\r\n\r\n\xff\x00"):
            check(visitor.post(url, body, content_type=kind), f"{name} {kind} {body!r}")


def test_nonsense_at_the_sign_in_pages(client, strict_database):
    client.raise_request_exception = False
    for text in NASTY:
        cache.clear()  # the throttle would answer instead
        for name in ("account_login", "account_reset_password"):
            words = dict.fromkeys(("login", "password", "email", "next"), text)
            check(client.post(f"{reverse(name)}?next={quote(text)}", words), f"{name} {text[:30]!r}")


def test_an_account_without_customers_links_none(client, strict_database):
    """A customer that has an upstream of its own stays a customer."""
    cast = make_cast()
    orphan = RemoteAccountFactory(connection=cast.a.connection, external_id="orphan", account=None)
    client.force_login(cast.a.people[Role.OWNER])
    before = AccountFactory._meta.model.objects.count()
    assert client.post(reverse("subaccount_link", kwargs={"pk": orphan.pk}), {}).status_code == 404
    assert AccountFactory._meta.model.objects.count() == before
