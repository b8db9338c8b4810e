"""A suspended account reads everything, pays, and says where 911 must come; it spends and changes nothing (row G3).

The acts are generated: every verb that the portal knows has to say whether it is for a suspended account too, and what no
operation stands for yet is tried act by act.
"""

import uuid

import pytest
from django.urls import reverse

from accounts import services as accounts_services
from accounts.actor import Actor
from accounts.models import Account, SubaccountChange
from accounts.roles import Role
from accounts.suspension import Suspended
from numbering import port_preparing
from numbering.batches import asking
from numbering.models import Number, NumberBatch, NumberRelease, PortPlan, PortRequest
from numbering.services import emergency, port_plans, ports, releases
from numbering.services import numbers as number_services
from numbering.upstream.port_drafts import draft_of
from providers import operations
from providers.models import Operation
from tests.cast import make_tenant

pytestmark = pytest.mark.django_db

EVEN_SUSPENDED = {
    "e911.save", "e911.tie_device",  # where help must come
    "numbers.search", "numbers.places", "port.check",  # questions
    "subaccount.status",  # switching off; switching on is refused by the service
}  # fmt: skip
ASKED_BY_THE_PORTAL = {"opt_out.push"}
HELD = sorted(set(operations.VERBS) - EVEN_SUSPENDED - ASKED_BY_THE_PORTAL)


@pytest.fixture
def tenant():
    one = make_tenant("A")
    suspend(one.account)
    return one


def suspend(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(status=Account.Status.SUSPENDED, status_reason="Unpaid")
    account.refresh_from_db()


def actor_of(tenant) -> Actor:
    return Actor(user=tenant.people[Role.OWNER], account=tenant.account, name="Anne")


def intent() -> str:
    return str(uuid.uuid4())


@pytest.mark.parametrize("verb", HELD)
def test_no_operation_that_spends_or_changes_can_be_asked_for(tenant, verb):
    asker = actor_of(tenant).asker
    with pytest.raises(Suspended):
        operations.ask(tenant.connection, verb, {}, key="new", asker=asker)
    assert not Operation.objects.filter(idempotency_key="new").exists()


@pytest.mark.parametrize("verb", HELD)
def test_an_account_below_a_suspended_one_is_held_too(verb):
    above = make_tenant("R", kind="reseller")
    below = make_tenant("B", parent=above.account, area=418)
    suspend(above.account)
    with pytest.raises(Suspended):
        operations.ask(below.connection, verb, {}, key="new", asker=actor_of(below).asker)


def test_every_verb_is_decided():
    assert {name for name, verb in operations.VERBS.items() if verb.even_suspended} == EVEN_SUSPENDED
    assert all(verb.needs for name, verb in operations.VERBS.items() if name not in ASKED_BY_THE_PORTAL)


ACTS = {
    "a release": lambda t, actor: releases.ask_release(actor, t.number, intent()),
    "a new port": lambda t, actor: ports.start_port(actor, t.connection, ports.Wish(draft_of(t.draft)), intent()),
    "a port handed in": lambda t, actor: ports.change_port(
        actor, t.draft, ports.Wish(draft_of(t.draft), submit=True), intent(), t.draft.version
    ),
    "a change of many numbers": lambda t, actor: asking.begin(actor, t.batch),
    "what is set on port day": lambda t, actor: port_plans.prepare(
        actor, t.port, t.port.numbers, port_plans.Wish({"caller_id_name": "New"}, {}, None),
        port_plans.version_of(list(t.port.plans.all())),
    ),
    "a refused change again": lambda t, actor: number_services.retry_changes(actor, t.number, "name"),
    "911 taken away": lambda t, actor: emergency.remove_address(actor, t.number, intent()),
    "a sub-account": lambda t, actor: accounts_services.create_subaccount(
        actor, accounts_services.NewSubaccount("X", "X", "en", "x@example.test"), None, intent()
    ),
    "a sub-account resumed": lambda t, actor: accounts_services.switch_subaccount(
        actor, t.account, SubaccountChange.Kind.RESUME, "", intent()
    ),
}  # fmt: skip


@pytest.mark.parametrize("review", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_no_act_is_begun(tenant, act, review, settings):
    """Also those that wait (days of grace, our review) before an operation stands for them."""
    settings.PORT_REVIEW = review
    Operation.objects.filter(verb="number.update").update(state="failed")
    counted = (Operation, NumberRelease, PortRequest, Account)
    before = [model.objects.count() for model in counted]
    with pytest.raises(Suspended):
        ACTS[act](tenant, actor_of(tenant))
    assert [model.objects.count() for model in counted] == before
    assert not Operation.objects.filter(state__in=["queued", "sending"]).exclude(verb="port.check").exists()
    assert not NumberBatch.objects.filter(state="running").exists()


def test_a_911_address_can_still_be_corrected(tenant):
    """Life first: the one write that a suspended account makes."""
    address = {**tenant.endpoint.address, "street": "Corrected"}
    change = emergency.ask_for_address(actor_of(tenant), tenant.number, address, intent())
    assert change.operation.state == "queued"


def test_on_port_day_the_911_address_is_set_and_the_rest_waits(tenant):
    Number.objects.filter(pk=tenant.number.pk).update(number=tenant.port.numbers[0], status="active")
    PortPlan.objects.filter(pk=tenant.plan.pk).update(address=tenant.endpoint.address, terms_version="x")
    assert port_preparing.begin(tenant.plan.pk) is False
    tenant.plan.refresh_from_db()
    assert tenant.plan.emergency_change and not tenant.plan.calls_change and not tenant.plan.begun_at
    Account.objects.update(status=Account.Status.ACTIVE)
    assert port_preparing.begin(tenant.plan.pk) is True


def test_our_own_staff_act_from_outside(tenant):
    tenant.people[Role.OWNER].is_staff = True
    tenant.people[Role.OWNER].save()
    assert releases.ask_release(actor_of(tenant), tenant.number, intent()).state == "waiting"


WORDS = {"en": "This account is suspended", "fr": "Ce compte est suspendu"}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_form_says_so_before_anybody_types(tenant, client, language):
    client.force_login(tenant.people[Role.OWNER])
    client.cookies["django_language"] = language
    pages = [
        reverse("numbers:list"),
        reverse("numbers:detail", args=[tenant.number.pk]),
        reverse("numbers:edit", args=[tenant.number.pk, "calls"]),
        reverse("numbers:directory", args=[tenant.number.pk]),
        reverse("numbers:lookup"),
        reverse("numbers:find"),
        reverse("numbers:port_new"),
        reverse("messages:compose"),
    ]
    for page in pages:
        shown = client.get(page, headers={"accept-language": language}).content.decode()
        assert f"<p>{WORDS[language]}" in shown and "page-banner" in shown, page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_refused_form_keeps_what_was_typed(tenant, client, language):
    """403 in words, and one button sends the very same form again once the account is resumed."""
    client.force_login(tenant.people[Role.OWNER])
    url = reverse("numbers:edit", args=[tenant.number.pk, "name"])
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values = {name: value for name, value in values.items() if value not in (None, False)} | {"label": "Typed & kept"}
    response = client.post(url, values, headers={"accept-language": language})
    page = response.content.decode()
    assert response.status_code == 403 and response.headers["X-Why"] == "suspended"
    assert WORDS[language] in page and 'value="Typed &amp; kept"' in page
    Account.objects.update(status=Account.Status.ACTIVE)
    assert client.post(url, values).status_code == 302
    assert Operation.objects.get(state="queued", verb="number.update").arguments["wanted"] == {"label": "Typed & kept"}


def test_a_secret_is_not_written_into_the_page_again(tenant, client):
    client.force_login(tenant.people[Role.OWNER])
    tenant.connection.refresh_from_db()
    url = reverse("numbers:edit", args=[tenant.number.pk, "name"])
    form = client.get(url).context["form"]
    values = {name: form[name].value() or "" for name in form.fields} | {"label": "New", "account_pin": "4321"}
    assert "4321" not in client.post(url, values).content.decode()


def test_an_account_that_is_not_suspended_sees_no_word_of_it(client):
    one = make_tenant("B")
    client.force_login(one.people[Role.OWNER])
    assert "banner-held" not in client.get(reverse("numbers:list")).content.decode()
