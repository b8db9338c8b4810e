"""Numbers against the sandbox as its own process: what it received and what it holds decides (B1, B9, B10, B13, R24)."""

import uuid

import pytest
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import Account
from numbering.batches import running
from numbering.models import EmergencyEndpoint, Number, NumberBatch, NumberChange
from numbering.models.numbers import HERE
from numbering.services import numbers as services
from numbering.upstream.numbers import UPDATE
from providers import outbox, sync
from providers.clients.records import NUMBER_SETTINGS
from providers.gateway import client_for
from providers.models import Connection, Feed, Operation
from providers.quota import Priority
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    MembershipFactory,
    RemoteAccountFactory,
)
from tests.numbering.upstreams import make_house
from tests.sandboxes import sandbox  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


class House:
    """An upstream account at home: its connection, its owner signed in, its numbers brought in."""

    def __init__(self, upstream, client, settings, key: str):
        settings.UPSTREAM_LOG_LAG = 0.0
        settings.UPSTREAM_DEADLINE = 3.0
        self.upstream, self.client = upstream, client
        row = upstream.accounts()[key]
        credentials = {name: row[name] for name in ("client_user_id", "auth_token")}
        self.connection = ConnectionFactory(base_url=upstream.voicemeup, credentials={**credentials, "username": "x"})
        member = MembershipFactory()
        self.account, self.user = member.account, member.user
        self.actor = Actor(user=self.user, account=self.account, name="test")
        RemoteAccountFactory(connection=self.connection, account=self.account)
        client.force_login(self.user)

    def sync(self):
        feed, _ = Feed.objects.get_or_create(connection=self.connection, name="numbers")
        run = sync.run_feed(feed.pk, force=True)
        assert run.state == "done", run.error
        return run

    def did(self, number: Number) -> dict:
        return self.upstream.control(f"did?phone_number={number.number[2:]}")

    def form(self, number: Number, section: str) -> dict:
        """What a browser would post: every field of the card as the page has it."""
        form = self.client.get(reverse("numbers:edit", args=[number.pk, section])).context["form"]
        values = {name: form[name].value() for name in form.fields}
        return {name: value for name, value in values.items() if value not in (None, False)}

    def post(self, number: Number, section: str, data: dict, **headers):
        return self.client.post(reverse("numbers:edit", args=[number.pk, section]), data, headers=headers)

    def work(self) -> list[Operation]:
        """What the workers would do until everything rests."""
        Connection.objects.update(retry_at=None, failures=0)
        for _ in range(6):
            Operation.objects.filter(state__in=["queued", "unknown"]).update(due_at="2020-01-01T00:00Z")
            for pk in Operation.objects.filter(state__in=["queued", "unknown"]).values_list("pk", flat=True):
                outbox.run(Operation, pk)
        return list(Operation.objects.order_by("pk"))


@pytest.fixture
def house(sandbox, client, settings):  # noqa: F811
    home = House(sandbox, client, settings, "harbour")
    home.sync()
    sandbox.control("faults", method="DELETE")
    yield home
    sandbox.control("faults", method="DELETE")


@pytest.fixture
def number(house):
    """A texting number with every setting filled, so that whatever gets cleared is seen."""
    row = Number.objects.can_text().filter(mms=True).order_by("pk").first()
    filled = {
        "friendly_name": "Reception", "forward_number": "4385550188", "forward_timeout": "20",
        "callerid_name_rewrite": "HARBOUR", "sms_notify_email": "desk@harbour.example",
        "sms_forward_number": "4385550189", "sms_callback_url": "https://hooks.example.com/in",
        "sms_autoreply_message": "We will answer soon.", "comments": "front desk", "dnis_rewrite": "5145550100",
        "options": [
            "enable_forwarding", "enable_voicemail", "enable_sms", "enable_sms_email_notify", "enable_sms_forwarding",
            "enable_sms_callback", "enable_sms_callback_retry", "enable_sms_autoreply", "enable_recording",
        ],
    }  # fmt: skip
    house.upstream.control("did", {"phone_number": row.number[2:], "set": filled})
    house.sync()
    row.refresh_from_db()
    return row


# --- the feed ---------------------------------------------------------------------------------------------------------


def test_the_feed_brings_home_what_the_upstream_lists(house):
    """B1, B2."""
    assert Number.objects.count() >= 5
    row = Number.objects.exclude(label="").order_by("pk").first()
    told = house.did(row)
    assert (row.label, row.number[2:], row.sms) == (
        told["friendly_name"],
        told["phone_number"],
        told["sms_support"] == "1",
    )
    assert row.digits_reversed == row.number[::-1] and row.account == house.account


def test_a_second_run_writes_nothing(house):
    run = house.sync()
    assert (run.created, run.changed, run.gone, run.unread) == (0, 0, 0, 0) and run.seen == Number.objects.count()


# --- one setting changes just that one --------------------------------------------------------------------------------

CHANGES = [
    ("name", {"label": "Front desk"}, {"friendly_name"}),
    ("name", {"caller_id_name": "HARBOUR INN"}, {"callerid_name_rewrite"}),
    ("name", {"caller_id_name": ""}, {"callerid_name_rewrite"}),
    ("name", {"label": ""}, {"friendly_name"}),
    ("name", {"comments": "Poste de garde"}, {"comments"}),
    ("name", {"comments": ""}, {"comments"}),
    ("calls", {"forwarding": None}, {"options"}),
    ("calls", {"forward_to": "(438) 555-0177"}, {"forward_number"}),
    ("calls", {"forward_after": "45"}, {"forward_timeout"}),
    ("calls", {"forward_after": "0"}, {"forward_timeout"}),
    ("calls", {"voicemail": None}, {"options"}),
    ("texts", {"sms": None}, {"options"}),
    ("texts", {"sms_email": "other@harbour.example"}, {"sms_notify_email"}),
    ("texts", {"sms_email": ""}, {"sms_notify_email", "options"}),
    ("texts", {"sms_forward_to": "438 555 0178"}, {"sms_forward_number"}),
    ("texts", {"sms_forward_to": ""}, {"sms_forward_number", "options"}),
    ("texts", {"sms_autoreply": "À bientôt !"}, {"sms_autoreply_message"}),
    ("texts", {"sms_autoreply": ""}, {"sms_autoreply_message", "options"}),
    ("texts", {"sms_webhook": "https://hooks.example.com/other?x=1"}, {"sms_callback_url"}),
    ("texts", {"arrival": "here"}, {"sms_callback_url"}),
    ("texts", {"sms_webhook_retry": None}, {"options"}),
]


@pytest.mark.parametrize(("section", "change", "keys"), CHANGES, ids=[f"{row[0]}-{row[1]}"[:60] for row in CHANGES])
def test_saving_one_setting_changes_just_that_one_upstream(house, number, section, change, keys):
    """R24, B9, B10: the number as the upstream holds it, before and after, differs in nothing else."""
    before, data = house.did(number), house.form(number, section)
    for name, value in change.items():
        data.pop(name, None)
        if value is not None:
            data[name] = value
    assert house.post(number, section, data).status_code == 302
    assert [operation.state for operation in house.work()] == ["done"]
    after = house.did(number)
    assert {name for name in after if after[name] != before[name]} == keys
    if "options" in keys:
        assert len(set(before["options"]) ^ set(after["options"])) == 1
    number.refresh_from_db()
    shown = house.form(number, section)
    assert all(str(shown.get(name, value)) == str(value) or name.endswith("_to") for name, value in change.items())


def test_no_setting_is_forgotten():
    """Done when 2: each setting that an upstream can have has its line above, and its place on a card."""
    tried = {name for _section, change, _keys in CHANGES for name in change} - {"arrival"}
    assert tried == set(NUMBER_SETTINGS) == {name for names in services.SECTIONS.values() for name in names}


# --- the same at the other upstreams that have settings ---------------------------------------------------------------

ELSEWHERE = [
    ("voximplant", {"sms": None}), ("voximplant", {"sms": "on"}), ("voximplant", {"sms_webhook": "https://hooks.example.com/v"}),
    ("voximplant", {"arrival": "here"}), ("voicetel", {"sms": None}), ("voicetel", {"sms": "on"}),
]  # fmt: skip


def flat(tree, path: str = "") -> dict:
    """Every leaf of what an upstream holds of a number, by its place."""
    if not isinstance(tree, dict):
        return {path: tree}
    return {place: leaf for name, branch in tree.items() for place, leaf in flat(branch, f"{path}/{name}").items()}


@pytest.mark.parametrize(("slug", "change"), ELSEWHERE, ids=[f"{slug}-{change}" for slug, change in ELSEWHERE])
def test_one_setting_changes_just_that_one_at_every_upstream(sandbox, client, settings, slug, change):  # noqa: F811
    """R24, B10: no more of the number moves there than what was asked for, and the page shows what was read back."""
    settings.UPSTREAM_DEADLINE, settings.UPSTREAM_LOG_LAG = 3.0, 0.0
    sandbox.control("faults", method="DELETE")
    home = make_house(sandbox, slug=slug)
    client.force_login(home.owner)
    home.bring_home("numbers")
    on = change.get("sms") != "on"
    rows = Number.objects.present().filter(connection=home.connection, sms=True, sms_enabled=on)
    number = next(row for row in rows.order_by("pk") if set(change) - {"arrival"} <= set(row.settings))
    form = client.get(reverse("numbers:edit", args=[number.pk, "texts"])).context["form"]
    data = {name: form[name].value() for name in form.fields} | change
    if "sms_webhook" in change:
        data["arrival"] = "own"
    before = flat(sandbox.control(f"did?slug={slug}&phone_number={number.number[1:]}"))
    data = {name: value for name, value in data.items() if value not in (None, False)}
    assert client.post(reverse("numbers:edit", args=[number.pk, "texts"]), data).status_code == 302
    home.work()
    assert [row.state for row in Operation.objects.filter(verb=UPDATE)] == ["done"]
    after = flat(sandbox.control(f"did?slug={slug}&phone_number={number.number[1:]}"))
    changed = {place for place in before | after if before.get(place) != after.get(place)} - {"/modified"}
    assert len(changed) == 1, changed
    number.refresh_from_db()
    wanted = NumberChange.objects.get().wanted
    assert {name: number.settings[name] for name in wanted} == wanted


# --- many at once -----------------------------------------------------------------------------------------------------


def test_of_many_numbers_each_gets_just_what_was_asked_and_each_refusal_is_told(house, number):
    """B11, R24: one write a number, nothing else on it moves; the one that upstream refuses says why, the rest goes on."""
    rows = list(
        Number.objects.present().filter(settings__has_key="forward_to").exclude(pk=number.pk).order_by("pk")[:2]
    )
    rows = [number, *rows]
    before = {row.pk: house.did(row) for row in rows}
    url = f"{reverse('numbers:bulk')}?{'&'.join(f'n={row.pk}' for row in rows)}"
    form = house.client.get(url).context["form"]
    target = rows[1].number  # one of the account's own: upstream refuses it for the others, our form for itself
    data = {"intent": str(form["intent"].value()), "forward_to": target}
    since = house.upstream.now()
    house.client.post(url, data)
    job = NumberBatch.objects.get()
    running.work(job.pk, lambda pk: None)
    house.client.post(reverse("numbers:batch_begin", args=[job.public_id]))
    running.work(job.pk, lambda pk: None)
    house.work()
    job.refresh_from_db()
    assert job.state == "done" and job.counts == {"asked": 2, "bad": 1}
    html = house.client.get(reverse("numbers:batch", args=[job.public_id])).content.decode()
    assert "cannot forward to another number of this account" in html and "cannot forward to itself" in html
    assert {row.pk: house.did(row) for row in rows} == before

    form = house.client.get(url).context["form"]
    house.client.post(url, {"intent": str(form["intent"].value()), "caller_id_name": "BOREAL"})
    job = NumberBatch.objects.latest("pk")
    for step in ("check", "write"):
        running.work(job.pk, lambda pk: None)
        if step == "check":
            house.client.post(reverse("numbers:batch_begin", args=[job.public_id]))
    since = house.upstream.now()
    house.work()
    assert len(house.upstream.journal("update_did", since=since)) == 3
    for row in rows:
        after = house.did(row)
        assert {name for name in after if after[name] != before[row.pk][name]} == {"callerid_name_rewrite"}
    html = house.client.get(reverse("numbers:batch", args=[job.public_id])).content.decode()
    assert html.count("Changed") >= 3 and "Done" in html


def test_a_form_saved_untouched_asks_nothing(house, number):
    for section in services.SECTIONS:
        assert house.post(number, section, house.form(number, section)).status_code == 302
    assert not Operation.objects.exists() and not NumberChange.objects.exists()


def test_our_own_webhook_address_is_kept_as_a_word_and_its_secret_nowhere(house, number):
    """The address holds a token: neither the row, its raw answer, the operation nor a page repeats it."""
    house.post(number, "texts", {**house.form(number, "texts"), "arrival": "here"})
    house.work()
    number.refresh_from_db()
    token = house.connection.webhook_token
    assert token in house.did(number)["sms_callback_url"]
    assert number.settings["sms_webhook"] == HERE
    operation = Operation.objects.get()
    kept = f"{number.raw} {number.settings} {operation.arguments} {operation.result}"
    page = house.client.get(reverse("numbers:detail", args=[number.pk])).content.decode()
    assert token not in kept and token not in page and "Delivered to your inbox" in page
    assert house.sync().changed == 0


# --- trouble ----------------------------------------------------------------------------------------------------------


def test_a_double_click_is_one_write(house, number):
    data = {**house.form(number, "name"), "label": "Once"}
    since = house.upstream.now()
    assert [house.post(number, "name", data).status_code for _ in range(2)] == [302, 302]
    house.work()
    assert Operation.objects.count() == 1
    assert len(house.upstream.journal("update_did", since=since)) == 1


def test_the_same_form_with_other_words_comes_back_with_what_was_typed(house, number):
    data = {**house.form(number, "name"), "label": "First"}
    house.post(number, "name", data)
    answer = house.post(number, "name", {**data, "label": "Second"})
    assert answer.status_code == 409 and Operation.objects.count() == 1
    assert answer.context["form"]["label"].value() == "Second"
    assert str(answer.context["form"]["intent"].value()) != str(data["intent"])


def test_a_refusal_says_why_at_the_field_and_keeps_what_was_typed(house, number):
    """The upstream refuses to forward to a number of the same account; the form has it again with the reason."""
    other = Number.objects.exclude(pk=number.pk).filter(number__startswith="+1").first()
    house.post(number, "calls", {**house.form(number, "calls"), "forward_to": other.number})
    assert house.work()[-1].state == "failed"
    page = house.client.get(reverse("numbers:detail", args=[number.pk])).content.decode()
    assert "cannot forward to another number of this account" in page and "Try again" in page
    answer = house.client.get(reverse("numbers:edit", args=[number.pk, "calls"]))
    form = answer.context["form"]
    assert form.initial["forward_to"] == other.number and form.errors["forward_to"]
    number.refresh_from_db()
    assert number.settings["forward_to"] == "+14385550188", "the truth is what upstream holds"


def test_a_refused_change_can_be_tried_again_or_discarded(house, number):
    other = Number.objects.exclude(pk=number.pk).first()
    house.post(number, "calls", {**house.form(number, "calls"), "forward_to": other.number})
    house.work()
    house.post(number, "calls", {"action": "retry"})
    assert Operation.objects.get().state == "queued"
    house.work()
    house.post(number, "calls", {"action": "discard"})
    form = house.client.get(reverse("numbers:edit", args=[number.pk, "calls"])).context["form"]
    assert form.initial["forward_to"] == "+14385550188" and not form.errors
    assert not services.overlay(number).stuck


def test_a_dropped_answer_is_settled_by_reading_the_number_back(house, number):
    """The request was carried out, its answer lost: nothing is written twice."""
    house.upstream.control("faults", {"call": "update_did", "fault": "close", "phase": "after", "count": 1})
    since = house.upstream.now()
    house.post(number, "name", {**house.form(number, "name"), "label": "Settled"})
    operation = house.work()[-1]
    assert operation.state == "done" and operation.was_unknown
    assert len(house.upstream.journal("update_did", since=since)) == 1
    number.refresh_from_db()
    assert number.label == "Settled"


def test_a_request_lost_on_the_way_is_written_again(house, number):
    """Absent in two looks: a write of all settings may be repeated."""
    house.upstream.control("faults", {"call": "update_did", "fault": "close", "phase": "before", "count": 1})
    house.post(number, "name", {**house.form(number, "name"), "label": "Again"})
    assert house.work()[-1].state == "done"
    assert house.did(number)["friendly_name"] == "Again"


def test_with_the_upstream_away_the_page_shows_what_was_asked_for(house, number):
    """B16: wanted values with "you changed this", and the truth beside them."""
    house.upstream.control("faults", {"call": "get_dids", "fault": "close", "phase": "before", "count": 20})
    house.post(number, "name", {**house.form(number, "name"), "label": "Soon"})
    outbox.run(Operation, Operation.objects.get().pk)
    page = house.client.get(reverse("numbers:detail", args=[number.pk])).content.decode()
    assert "Soon" in page and "now: Reception" in page
    listed = house.client.get(reverse("numbers:list")).content.decode()
    assert "You changed this, waiting for VoiceMeUp." in listed


def test_a_number_that_left_the_account_is_not_written(house, number):
    """The worker looks again: between the form and the call the number went to somebody else."""
    house.post(number, "name", {**house.form(number, "name"), "label": "Late"})
    Number.objects.filter(pk=number.pk).update(account=AccountFactory())
    since = house.upstream.now()
    assert house.work()[-1].error_code == "not-yours"
    assert not house.upstream.journal("update_did", since=since)


def test_a_listing_older_than_a_confirmed_change_does_not_undo_it(house, number, monkeypatch):
    """The feed asked before the change and stores after it."""
    verb_done = []
    listing = house.connection.client_class.numbers

    def slow(client, **filters):
        rows = list(listing(client, **filters))
        if not verb_done and not filters:
            verb_done.append(1)
            house.post(number, "name", {**house.form(number, "name"), "label": "Newer"})
            assert house.work()[-1].state == "done"
        return iter(rows)

    monkeypatch.setattr(house.connection.client_class, "numbers", slow)
    Number.objects.filter(pk=number.pk).update(digest="")  # so that the run rewrites the row
    house.sync()
    number.refresh_from_db()
    assert number.label == "Newer"


# --- moving -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def reseller(sandbox, client, settings):  # noqa: F811
    home = House(sandbox, client, settings, "boreal")
    ids = [row["client_subaccount_id"] for row in subaccounts_of(home)][:2]
    home.children = []
    for external_id in ids:
        child = AccountFactory(parent=home.account)
        RemoteAccountFactory(connection=home.connection, account=child, external_id=external_id)
        home.children.append(child)
    home.sync()
    return home


def subaccounts_of(home: House) -> list[dict]:
    client = client_for(home.connection, Priority.INTERACTIVE)
    return [{"client_subaccount_id": row.external_id} for row in client.subaccounts()]


def test_moving_numbers_keeps_those_that_were_there(reseller):
    """B13: the list is replaced upstream, so it is merged first."""
    target: Account = reseller.children[0]
    there = set(Number.objects.for_account(target).values_list("number", flat=True))
    moved = list(Number.objects.for_account(reseller.account).present().order_by("pk")[:3])
    endpoint = EmergencyEndpointFactory(
        connection=reseller.connection, account=reseller.account, number=moved[0].number
    )
    services.move_numbers(reseller.actor, reseller.connection, [row.pk for row in moved], target, str(uuid.uuid4()))
    assert [operation.state for operation in reseller.work()] == ["done"]
    now = set(Number.objects.for_account(target).values_list("number", flat=True))
    assert there and now == there | {row.number for row in moved}
    assert EmergencyEndpoint.objects.get(pk=endpoint.pk).account == target
    assert reseller.sync().changed == 0


def test_a_moved_number_is_gone_for_its_old_account_at_once(reseller):
    number = Number.objects.for_account(reseller.account).present().order_by("-pk").first()
    assert reseller.client.get(reverse("numbers:detail", args=[number.pk])).status_code == 200
    services.move_numbers(reseller.actor, reseller.connection, [number.pk], reseller.children[1], str(uuid.uuid4()))
    reseller.work()
    assert reseller.client.get(reverse("numbers:detail", args=[number.pk])).status_code == 404


def test_one_foreign_number_among_them_moves_nothing(reseller):
    own = Number.objects.for_account(reseller.account).present().first()
    foreign = Number.objects.for_account(reseller.account).present().last()
    Number.objects.filter(pk=foreign.pk).update(account=AccountFactory())
    with pytest.raises(services.CannotMove):
        pks = [own.pk, foreign.pk]
        services.move_numbers(reseller.actor, reseller.connection, pks, reseller.children[0], str(uuid.uuid4()))
    stranger = AccountFactory()
    with pytest.raises(services.CannotMove):
        services.move_numbers(reseller.actor, reseller.connection, [own.pk], stranger, str(uuid.uuid4()))
    with pytest.raises(services.CannotMove):
        child = AccountFactory(parent=reseller.account)  # without a sub-account upstream
        services.move_numbers(reseller.actor, reseller.connection, [own.pk], child, str(uuid.uuid4()))
    assert not Operation.objects.exists()


def test_a_change_waits_while_its_number_is_moved(reseller):
    """The write repeats the whole row, the old sub-account too: it must not pass a move on its way."""
    number = Number.objects.for_account(reseller.account).present().order_by("pk")[5]
    services.move_numbers(reseller.actor, reseller.connection, [number.pk], reseller.children[0], str(uuid.uuid4()))
    Operation.objects.update(state="sending")
    reseller.post(number, "name", {**reseller.form(number, "name"), "label": "Waits"})
    change = Operation.objects.get(verb=UPDATE)
    outbox.run(Operation, change.pk)
    change.refresh_from_db()
    assert (change.state, change.error_code) == ("queued", "moving")
