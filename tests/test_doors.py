"""The tenancy crawler (RELIABILITY B.2, rows G1 and J4): every door, every actor, plain and HTMX.

A URL without an entry in DOORS fails, so a new view cannot be forgotten.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.roles import May, Role, may
from tests.cast import Cast, Tenant, make_cast

LIBRARIES = ("admin:", "account_", "mfa_", "usersessions_", "socialaccount_")  # doors of libraries, tried apart below
PUBLIC, SIGNED_IN, UPSTREAM = "public", "signed_in", "upstream"


@dataclass(frozen=True)
class Door:
    """One URL: who may come in, how it is reached for a tenant's object, and what a form there is given."""

    audience: str
    of: Callable[[Tenant], dict] = lambda tenant: {}
    get: bool = True
    owned: bool = False  # names an object of a tenant, so a stranger must find nothing
    form: Callable[[Tenant], dict] = lambda tenant: {}
    answers: tuple[int, ...] = (200,)
    methods: tuple[str, ...] = field(default=("get", "post", "put", "patch", "delete"))


def pk_of(name: str) -> Callable[[Tenant], dict]:
    return lambda tenant: {"pk": getattr(tenant, name).pk}


def public_id_of(name: str) -> Callable[[Tenant], dict]:
    return lambda tenant: {"public_id": getattr(tenant, name).public_id}


DOORS: dict[str, Door] = {
    "home": Door(SIGNED_IN),
    "search": Door(SIGNED_IN, answers=(200, 302)),
    "language": Door(PUBLIC, get=False),
    "brand_css": Door(PUBLIC),
    "brand_logo": Door(PUBLIC, lambda tenant: {"pk": 987_654_321}, answers=(404,)),  # a logo is public: see test_brand
    "live": Door(PUBLIC),
    "ready": Door(PUBLIC, answers=(200, 503)),
    "webhook": Door(
        UPSTREAM, lambda tenant: {"slug": "voicemeup", "token": tenant.connection.webhook_token}, get=False
    ),
    # accounts
    "accounts:switch": Door(SIGNED_IN, get=False),
    "accounts:profile": Door(SIGNED_IN),
    "accounts:activity": Door(May.READ_AUDIT),
    # numbers
    "numbers:list": Door(May.READ_NUMBERS),
    "numbers:bulk": Door(May.CHANGE_NUMBERS, answers=(200, 302, 404, 422)),
    "numbers:export": Door(May.READ_NUMBERS),
    "numbers:batches": Door(May.CHANGE_NUMBERS),
    "numbers:batch": Door(May.CHANGE_NUMBERS, public_id_of("batch"), owned=True),
    "numbers:batch_columns": Door(May.CHANGE_NUMBERS, public_id_of("batch"), get=False, owned=True),
    "numbers:batch_begin": Door(May.CHANGE_NUMBERS, public_id_of("batch"), get=False, owned=True),
    "numbers:batch_drop": Door(May.CHANGE_NUMBERS, public_id_of("batch"), get=False, owned=True),
    "numbers:batch_result": Door(May.CHANGE_NUMBERS, public_id_of("batch"), owned=True),
    "numbers:view_save": Door(May.READ_NUMBERS, get=False),
    "numbers:view_delete": Door(May.READ_NUMBERS, pk_of("saved_view"), get=False, owned=True),
    "numbers:detail": Door(May.READ_NUMBERS, pk_of("number"), owned=True),
    "numbers:state": Door(May.READ_NUMBERS, pk_of("number"), owned=True),
    "numbers:notes": Door(May.CHANGE_NUMBERS, pk_of("number"), owned=True, answers=(200, 302, 405)),
    "numbers:directory": Door(May.CHANGE_NUMBERS, pk_of("number"), owned=True),
    "numbers:directory_state": Door(May.CHANGE_NUMBERS, pk_of("number"), owned=True),
    "numbers:directory_unlist": Door(May.CHANGE_NUMBERS, pk_of("number"), get=False, owned=True),
    "numbers:port_out": Door(May.CHANGE_NUMBERS, pk_of("number"), owned=True),
    "numbers:release": Door(May.CHANGE_NUMBERS, pk_of("number"), owned=True, answers=(200, 302, 405)),
    "numbers:release_undo": Door(May.CHANGE_NUMBERS, pk_of("number"), get=False, owned=True),
    "numbers:edit": Door(May.CHANGE_NUMBERS, lambda t: {"pk": t.number.pk, "section": "name"}, owned=True),
    # getting numbers
    "numbers:find": Door(May.CHANGE_NUMBERS),
    "numbers:found": Door(May.CHANGE_NUMBERS, lambda t: {"public_id": t.search_id}, owned=True),
    "numbers:order_new": Door(
        May.CHANGE_NUMBERS,
        lambda t: {"public_id": t.search_id},
        owned=True,
        answers=(200, 302, 405, 422),
        form=lambda t: {"numbers": t.order.lines.get().number},
    ),
    "numbers:back_order": Door(May.CHANGE_NUMBERS),
    "numbers:back_order_new": Door(May.CHANGE_NUMBERS, public_id_of("places"), owned=True),
    "numbers:back_order_made": Door(May.READ_NUMBERS, public_id_of("back_order"), owned=True),
    "numbers:back_order_withdraw": Door(May.CHANGE_NUMBERS, public_id_of("back_order"), owned=True, answers=(200, 302)),
    "numbers:back_order_stop": Door(May.CHANGE_NUMBERS, public_id_of("back_order"), get=False, owned=True),
    "numbers:lookup": Door(May.CHANGE_NUMBERS),
    "numbers:lookup_result": Door(May.CHANGE_NUMBERS, public_id_of("lookup"), owned=True),
    "numbers:orders": Door(May.READ_NUMBERS),
    "numbers:order": Door(May.READ_NUMBERS, public_id_of("order"), owned=True),
    # ports
    "numbers:ports": Door(May.READ_PORTS),
    "numbers:port_new": Door(May.CHANGE_PORTS),
    "numbers:port_whole": Door(May.CHANGE_PORTS),
    "numbers:port_page": Door(
        May.CHANGE_PORTS, lambda t: {"public_id": t.draft.public_id, "page": "account"}, owned=True, answers=(200, 302)
    ),
    "numbers:port_bundle": Door(May.READ_PORTS, lambda t: {"public_id": t.draft.bundle.public_id}, owned=True),
    "numbers:port_letter": Door(May.CHANGE_PORTS, public_id_of("draft"), owned=True),
    "numbers:port_letter_sign": Door(May.CHANGE_PORTS, public_id_of("draft"), owned=True),
    "numbers:port_comment": Door(May.CHANGE_PORTS, public_id_of("port"), get=False, owned=True),
    "numbers:port_ask": Door(May.CHANGE_PORTS, public_id_of("port"), owned=True),
    "numbers:port_prepare": Door(May.CHANGE_PORTS, public_id_of("port"), owned=True),
    "numbers:port_plan_retry": Door(
        May.CHANGE_PORTS, lambda t: {"public_id": t.port.public_id, "pk": t.plan.pk}, get=False, owned=True
    ),
    "numbers:port_split": Door(May.CHANGE_PORTS, public_id_of("draft"), get=False, owned=True),
    "numbers:port": Door(May.READ_PORTS, public_id_of("port"), owned=True),
    "numbers:port_edit": Door(May.CHANGE_PORTS, public_id_of("port"), owned=True),
    "numbers:port_state": Door(May.READ_PORTS, public_id_of("port"), owned=True),
    "numbers:port_document_add": Door(May.CHANGE_PORTS, public_id_of("port"), get=False, owned=True),
    "numbers:port_document": Door(
        May.READ_PORTS, lambda t: {"public_id": t.port.public_id, "document_id": t.document.public_id}, owned=True
    ),
    # 911
    "numbers:e911": Door(May.READ_E911),
    "numbers:e911_number": Door(May.READ_E911, pk_of("number"), owned=True),
    "numbers:e911_state": Door(May.READ_E911, pk_of("number"), owned=True),
    "numbers:e911_accept": Door(May.CHANGE_E911, pk_of("number"), get=False, owned=True),
    "numbers:e911_remove": Door(May.CHANGE_E911, pk_of("number"), owned=True, answers=(200, 302, 405)),
    "numbers:e911_use": Door(
        May.CHANGE_E911, pk_of("number"), get=False, owned=True, form=lambda t: {"place": t.place.pk}
    ),
    "numbers:e911_devices": Door(
        May.READ_E911,
        pk_of("number"),
        owned=True,
        form=lambda t: {"devices": t.device.pk},
        answers=(200, 302, 409, 422),
    ),
    "numbers:e911_history": Door(May.READ_E911, pk_of("number"), owned=True),
    "numbers:e911_review": Door(May.READ_E911),
    "numbers:e911_confirm": Door(May.CHANGE_E911, get=False),
    "numbers:e911_report": Door(May.READ_E911),
    "numbers:e911_book": Door(May.READ_E911),
    "numbers:e911_place_new": Door(May.CHANGE_E911),
    "numbers:e911_place": Door(May.CHANGE_E911, pk_of("place"), owned=True),
    "numbers:e911_place_delete": Door(May.CHANGE_E911, pk_of("place"), owned=True),
    "numbers:e911_assign": Door(May.CHANGE_E911),
    "numbers:e911_assignment": Door(May.READ_E911, public_id_of("assignment"), owned=True),
    "numbers:e911_assignment_accept": Door(May.CHANGE_E911, public_id_of("assignment"), get=False, owned=True),
    "numbers:port_check": Door(
        May.CHANGE_PORTS,
        get=False,
        form=lambda tenant: {"connection": tenant.connection.pk, "numbers": "+15145550178"},
    ),
    "numbers:port_check_result": Door(May.CHANGE_PORTS, public_id_of("port_check"), owned=True, answers=(200, 302)),
    # messages
    "messages:inbox": Door(May.READ_MESSAGES),
    "messages:thread": Door(May.READ_MESSAGES, pk_of("thread"), owned=True),
    "messages:bulk": Door(May.SEND_MESSAGES, get=False),
    "messages:retry_failed": Door(May.SEND_MESSAGES, answers=(200, 302, 422)),
    "messages:compose": Door(May.SEND_MESSAGES),
    "messages:unread": Door(May.READ_MESSAGES, answers=(200, 204)),
    "messages:count": Door(May.SEND_MESSAGES, get=False),
    "messages:contacts": Door(May.READ_MESSAGES),
    "messages:contact_new": Door(May.SEND_MESSAGES),
    "messages:contact_options": Door(May.SEND_MESSAGES),
    "messages:contacts_choose": Door(May.SEND_MESSAGES, get=False),
    "messages:imports": Door(May.SEND_MESSAGES),
    "messages:import": Door(May.SEND_MESSAGES, public_id_of("contact_import"), owned=True),
    "messages:import_columns": Door(May.SEND_MESSAGES, public_id_of("contact_import"), get=False, owned=True),
    "messages:import_begin": Door(May.SEND_MESSAGES, public_id_of("contact_import"), get=False, owned=True),
    "messages:import_drop": Door(May.SEND_MESSAGES, public_id_of("contact_import"), get=False, owned=True),
    "messages:import_bad_rows": Door(May.SEND_MESSAGES, public_id_of("contact_import"), owned=True),
    "messages:contact": Door(May.READ_MESSAGES, pk_of("contact"), owned=True),
    "messages:contact_save": Door(May.SEND_MESSAGES, pk_of("contact"), get=False, owned=True),
    "messages:contact_consent": Door(May.SEND_MESSAGES, pk_of("contact"), get=False, owned=True),
    "messages:contact_block": Door(May.SEND_MESSAGES, pk_of("contact"), get=False, owned=True),
    "messages:contact_merge": Door(May.SEND_MESSAGES, pk_of("contact"), owned=True),
    "messages:contact_delete": Door(May.SEND_MESSAGES, pk_of("contact"), owned=True),
    "messages:groups": Door(May.READ_MESSAGES),
    "messages:group_new": Door(May.SEND_MESSAGES, get=False),
    "messages:group": Door(May.READ_MESSAGES, pk_of("group"), owned=True),
    "messages:group_rename": Door(May.SEND_MESSAGES, pk_of("group"), get=False, owned=True),
    "messages:greeting": Door(May.SEND_MESSAGES, pk_of("group"), owned=True),
    "messages:group_add": Door(May.SEND_MESSAGES, pk_of("group"), get=False, owned=True),
    "messages:group_remove": Door(May.SEND_MESSAGES, pk_of("group"), get=False, owned=True),
    "messages:group_delete": Door(May.SEND_MESSAGES, pk_of("group"), owned=True),
    "messages:templates": Door(May.READ_MESSAGES),
    "messages:template_new": Door(May.SEND_MESSAGES),
    "messages:template_preview": Door(May.SEND_MESSAGES, get=False),
    "messages:template_menu": Door(May.SEND_MESSAGES),
    "messages:insert": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:template": Door(May.SEND_MESSAGES, pk_of("template"), owned=True),
    "messages:template_delete": Door(May.SEND_MESSAGES, pk_of("template"), owned=True),
    "messages:opt_outs": Door(May.READ_MESSAGES),
    "messages:opt_out_undo": Door(May.SEND_MESSAGES, pk_of("opt_out"), owned=True),
    "messages:campaigns": Door(May.READ_MESSAGES),
    "messages:campaign_new": Door(May.SEND_MESSAGES),
    "messages:campaign": Door(May.READ_MESSAGES, public_id_of("campaign"), owned=True),
    "messages:campaign_edit": Door(May.SEND_MESSAGES, public_id_of("campaign"), owned=True),
    "messages:campaign_check": Door(May.SEND_MESSAGES, public_id_of("campaign"), get=False, owned=True),
    "messages:campaign_start": Door(May.SEND_MESSAGES, public_id_of("campaign"), get=False, owned=True),
    "messages:campaign_pause": Door(May.SEND_MESSAGES, public_id_of("campaign"), get=False, owned=True),
    "messages:campaign_resume": Door(May.SEND_MESSAGES, public_id_of("campaign"), get=False, owned=True),
    "messages:campaign_stop": Door(May.SEND_MESSAGES, public_id_of("campaign"), owned=True),
    "messages:campaign_rows": Door(May.READ_MESSAGES, public_id_of("campaign"), owned=True),
    "messages:scheduled": Door(May.READ_MESSAGES),
    "messages:scheduled_edit": Door(May.SEND_MESSAGES, public_id_of("scheduled"), owned=True),
    "messages:scheduled_cancel": Door(May.SEND_MESSAGES, public_id_of("scheduled"), get=False, owned=True),
    "messages:scheduled_now": Door(May.SEND_MESSAGES, public_id_of("scheduled"), get=False, owned=True),
    "messages:media": Door(May.READ_MESSAGES, public_id_of("media"), owned=True),
    "messages:text_delete": Door(May.SEND_MESSAGES, public_id_of("message"), owned=True, answers=(200, 302)),
    "messages:retry": Door(May.SEND_MESSAGES, public_id_of("message"), get=False, owned=True),
    "messages:since": Door(May.READ_MESSAGES, pk_of("thread"), owned=True),
    "messages:send": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:read": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:mark_unread": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:archive": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:restore": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:rename": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:assign": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:block": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:unblock": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:draft": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:note_add": Door(May.SEND_MESSAGES, pk_of("thread"), get=False, owned=True),
    "messages:note_delete": Door(May.SEND_MESSAGES, pk_of("note"), get=False, owned=True),
    "messages:exports": Door(May.READ_MESSAGES),
    "messages:export_new": Door(May.READ_MESSAGES),
    "messages:export_file": Door(May.READ_MESSAGES, public_id_of("export"), owned=True),
    "messages:export_delete": Door(May.READ_MESSAGES, public_id_of("export"), get=False, owned=True),
    # billing
    "billing:overview": Door(May.READ_BILLING),
    "billing:export": Door(May.READ_BILLING, get=False),
    "billing:threshold": Door(May.CHANGE_BILLING, pk_of("balance"), get=False, owned=True),
    # sub-accounts
    "subaccounts": Door(May.READ_SUBACCOUNTS),
    "subaccount_new": Door(May.CHANGE_SUBACCOUNTS, answers=(200, 404)),
    "subaccount": Door(
        May.READ_SUBACCOUNTS, pk_of("account"), owned=True, answers=(404,)
    ),  # nobody is below themselves
    "subaccount_link": Door(May.CHANGE_SUBACCOUNTS, pk_of("remote"), owned=True, answers=(200, 404)),
    "subaccount_retry": Door(May.CHANGE_SUBACCOUNTS, pk_of("account"), get=False, owned=True),
    "subaccount_invite": Door(May.CHANGE_SUBACCOUNTS, pk_of("account"), get=False, owned=True),
    "subaccount_suspend": Door(May.CHANGE_SUBACCOUNTS, pk_of("account"), owned=True, answers=(404,)),
    "subaccount_resume": Door(May.CHANGE_SUBACCOUNTS, pk_of("account"), get=False, owned=True),
    "subaccount_numbers": Door(May.CHANGE_SUBACCOUNTS, pk_of("account"), get=False, owned=True),
}


def patterns(resolver=None, prefix: str = "") -> dict[str, URLPattern]:
    """Every named pattern of the URLconf, with its namespaces."""
    found = {}
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            found |= patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            found[f"{prefix}{entry.name}" if entry.name else f"{prefix}{entry.pattern}"] = entry
    return found


OURS = {name: entry for name, entry in patterns().items() if not name.startswith(LIBRARIES)}


def test_every_url_has_an_entry_and_every_entry_a_url():
    assert set(OURS) == set(DOORS), f"not in DOORS: {set(OURS) - set(DOORS)}; no such URL: {set(DOORS) - set(OURS)}"


@pytest.mark.parametrize("name", sorted(set(DOORS) & set(OURS)))
def test_every_view_declares_its_audience(name):
    assert getattr(OURS[name].callback, "audience", None) == DOORS[name].audience


# --- the crawl --------------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db, settings, tmp_path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


def url_of(name: str, tenant: Tenant) -> str:
    return reverse(name, kwargs=DOORS[name].of(tenant))


def fragment_headers() -> dict:
    return {"HX-Request": "true", "HX-Target": "content", "HX-Current-URL": "http://testserver/"}


HEADERS = pytest.mark.parametrize("headers", [{}, fragment_headers()], ids=["plain", "htmx"])
GETTABLE = sorted(name for name, door in DOORS.items() if door.get)
GUARDED = sorted(name for name, door in DOORS.items() if door.audience not in {PUBLIC, UPSTREAM})
BY_ROLE = sorted(name for name, door in DOORS.items() if door.audience in set(May))
OWNED = sorted(name for name, door in DOORS.items() if door.owned)


def body_of(response) -> str:
    raw = b"".join(response.streaming_content) if response.streaming else response.content
    return raw.decode("utf-8", "replace") + str(response.headers)


def assert_no_canary_but(response, *tenants: str) -> None:
    text = body_of(response)
    for stranger in {"R", "A", "B", "S", "C"} - set(tenants):
        assert f"CANARY-{stranger}-" not in text, f"a canary of {stranger} is on the page"


@HEADERS
def test_nobody_comes_in_signed_out(cast, client, headers):
    for name in GUARDED:
        for method in ("get", "post"):
            response = getattr(client, method)(url_of(name, cast.a), headers=headers)
            if headers:
                assert response.status_code == 401 and "/accounts/login/" in response["HX-Redirect"], name
            else:
                assert response.status_code == 302 and "/accounts/login/" in response["Location"], name
            assert_no_canary_but(response)


@HEADERS
@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_what_it_may_and_nothing_of_another_tenant(cast, client, headers, role):
    client.force_login(cast.a.people[role])
    for name in GETTABLE:
        door = DOORS[name]
        response = client.get(url_of(name, cast.a), headers=headers)
        permitted = door.audience not in set(May) or may(role, door.audience)
        expected = (*door.answers, 204, 302) if permitted else (403,)
        assert response.status_code in expected, f"{name}: {response.status_code} for {role}"
        assert_no_canary_but(response, "A")


@HEADERS
def test_an_object_of_another_tenant_is_a_404_like_one_that_does_not_exist(cast, client, headers):
    client.force_login(cast.a.people[Role.OWNER])
    for stranger in (cast.b, cast.c, cast.r):
        for name in OWNED:
            for method in DOORS[name].methods:
                response = getattr(client, method)(url_of(name, stranger), headers=headers)
                assert response.status_code in {404, 405}, f"{method} {name}: {response.status_code}"
                assert_no_canary_but(response, "A")


def test_a_foreign_objects_404_is_the_same_page_as_a_missing_ones(cast, client):
    client.force_login(cast.a.people[Role.OWNER])
    foreign = client.get(reverse("numbers:detail", kwargs={"pk": cast.c.number.pk}))
    missing = client.get(reverse("numbers:detail", kwargs={"pk": 987_654_321}))
    assert foreign.status_code == missing.status_code == 404
    assert without_token(foreign).replace(f"/{cast.c.number.pk}/", "/987654321/") == without_token(missing)


def without_token(response) -> str:
    """A page but for its form token, which is new on every page."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode())


def test_a_reseller_reaches_its_customers_but_no_other_resellers(cast, client):
    client.force_login(cast.r.people[Role.OWNER])
    entered = client.post(reverse("accounts:switch"), {"account": cast.a.account.pk})
    assert entered.status_code == 302
    assert client.get(reverse("numbers:detail", kwargs={"pk": cast.a.number.pk})).status_code == 200
    assert client.post(reverse("accounts:switch"), {"account": cast.c.account.pk}).status_code == 404


SUBACCOUNT_DOORS = ("subaccount", "subaccount_suspend")


def test_a_reseller_opens_its_customers_pages_and_no_other_resellers(cast, client):
    client.force_login(cast.r.people[Role.OWNER])
    for name in SUBACCOUNT_DOORS:
        for account, status in (
            (cast.a.account, 200),
            (cast.c.account, 404),
            (cast.s.account, 404),
            (cast.r.account, 404),
        ):
            response = client.get(reverse(name, kwargs={"pk": account.pk}))
            assert response.status_code == status, f"{name} of {account}"
            assert_no_canary_but(response, "R", "A", "B")


def test_a_customer_cannot_climb_to_its_reseller_or_cross_to_a_sibling(cast, client):
    client.force_login(cast.a.people[Role.OWNER])
    for account in (cast.r.account, cast.b.account, cast.r.account.parent):
        assert client.post(reverse("accounts:switch"), {"account": account.pk}).status_code == 404


def test_a_revoked_role_ends_with_the_next_request(cast, client):
    person = cast.a.people[Role.OWNER]
    client.force_login(person)
    assert client.get(reverse("numbers:list")).status_code == 200
    person.memberships.all().delete()
    assert client.get(reverse("numbers:list")).status_code == 403


def test_a_person_switched_off_is_out_at_once(cast, client):
    person = cast.a.people[Role.OWNER]
    client.force_login(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(reverse("numbers:list")).status_code == 302


@pytest.mark.parametrize("role", [Role.OWNER, Role.AGENT])
def test_customers_never_see_the_admin(cast, client, role):
    client.force_login(cast.a.people[role])
    for name in ("admin:index", "admin:accounts_account_changelist", "admin:providers_connection_changelist"):
        assert client.get(reverse(name)).status_code == 302, name


def test_staff_open_every_page_of_the_admin(cast, client):
    client.force_login(cast.staff)
    for name in patterns():
        if name.startswith("admin:") and name.endswith(("_changelist", "_add")):
            assert client.get(reverse(name)).status_code in {200, 403}, name
    for model in (
        cast.a.number,
        cast.a.thread,
        cast.a.message,
        cast.a.port,
        cast.a.endpoint,
        cast.a.account,
        cast.a.connection,
    ):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        assert client.get(reverse(name, args=[model.pk])).status_code == 200, name


# --- GET changes nothing ------------------------------------------------------------------------------------------------

NOT_CONTENT = {"Session", "UserSession", "User", "DocumentLook"}  # reading may note that somebody was here


def snapshot() -> dict[str, str]:
    models = [model for model in apps.get_models() if model.__name__ not in NOT_CONTENT]
    return {model.__name__: serialize("json", model.objects.order_by("pk")) for model in models}


def test_reading_changes_nothing(cast, client, wakes):
    client.force_login(cast.a.people[Role.OWNER])
    before = snapshot()
    for name in GETTABLE:
        for headers in ({}, fragment_headers()):
            client.get(url_of(name, cast.a), headers=headers)
            client.head(url_of(name, cast.a), headers=headers)
    after = snapshot()
    changed = [name for name in before if before[name] != after[name]]
    assert not changed and not wakes


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_door_knows_other_methods(cast, client, method):
    client.force_login(cast.a.people[Role.OWNER])
    before = snapshot()
    for name in sorted(DOORS):
        assert getattr(client, method)(url_of(name, cast.a)).status_code in {404, 405, 403}, name
    assert snapshot() == before


def test_no_form_takes_a_post_without_its_token(cast):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.a.people[Role.OWNER])
    before = snapshot()
    for name in sorted(set(DOORS) - {"webhook"}):
        assert strict.post(url_of(name, cast.a), {"account": cast.a.account.pk}).status_code in {403, 405}, name
    assert snapshot() == before


def test_private_pages_are_kept_by_no_cache_and_framed_by_nobody(cast, client):
    client.force_login(cast.a.people[Role.OWNER])
    for name in sorted(set(GETTABLE) - {"brand_css", "brand_logo", "live", "ready"}):
        response = client.get(url_of(name, cast.a))
        assert "no-store" in response["Cache-Control"], name
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy, name
        assert response["X-Frame-Options"] == "DENY"


OPEN_REDIRECTS = [
    "//evil.test",
    "https://evil.test/",
    "/\\evil.test",
    "javascript:alert(1)",
    "\\\\evil.test",
    "http:evil.test",
    "/\t/evil.test",
]


@pytest.mark.parametrize("target", OPEN_REDIRECTS)
def test_no_redirect_leaves_the_site(cast, client, target):
    client.force_login(cast.a.people[Role.OWNER])
    for name, extra in (("language", {"language": "fr"}), ("accounts:switch", {"account": cast.a.account.pk})):
        response = client.post(reverse(name), {"next": target, **extra})
        assert response["Location"] == "/", name


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test"])
def test_an_unknown_host_is_refused(client, db, host):
    assert client.get("/accounts/login/", headers={"Host": host}).status_code == 400
