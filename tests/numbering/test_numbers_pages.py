"""The list of numbers and a number's page: what people find, who may, and what it costs (B1, B2, B8, B15, B16, L1)."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from numbering.models import Number, NumberChange
from providers.models import Connection, Feed, Operation
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    FeedFactory,
    MembershipFactory,
    NumberFactory,
    PortRequestFactory,
    RemoteAccountFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/numbers/"


@pytest.fixture
def camille(client):
    """The owner of an account with one connection, signed in."""
    member = MembershipFactory()
    member.connection = ConnectionFactory()
    RemoteAccountFactory(connection=member.connection, account=member.account)
    FeedFactory(connection=member.connection, last_ok_at=timezone.now() - timedelta(minutes=4))
    client.force_login(member.user)
    return member


@pytest.fixture
def make(camille):
    def make(number: str, **values) -> Number:
        return NumberFactory(account=camille.account, connection=camille.connection, number=number, **values)

    return make


@pytest.fixture
def number(make):
    return make("+15145550134", label="Reception")


def page(client, url=LIST, **query) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def found(client, **query) -> list[str]:
    return [row.number.replace("\u00a0", " ") for row in client.get(LIST, query).context["rows"]]


def detail(number: Number) -> str:
    return reverse("numbers:detail", args=[number.pk])


def edit(number: Number, section: str) -> str:
    return reverse("numbers:edit", args=[number.pk, section])


def filled(client, number: Number, section: str, **changes) -> dict:
    form = client.get(edit(number, section)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in {**values, **changes}.items() if value not in (None, False)}


# --- finding ----------------------------------------------------------------------------------------------------------

WAYS = [
    "5145550134", "514-555-0134", "(514) 555-0134", "+1 514 555 0134", "1.514.555.0134", " 514 555 0134 ", "555-0134",
    "0134", "134", "514 555", "514\u2011555\u20110134", "reception", "RECEPTION", "montréal", "vip", "recep 514",
]  # fmt: skip


@pytest.mark.parametrize("typed", WAYS)
def test_a_number_is_found_in_any_notation_and_by_its_words(client, make, typed):
    """L1, B1."""
    make("+15145550134", label="Reception", tags="vip, front")
    make("+14385550199", label="Fax", city="Laval")
    assert found(client, q=typed) == ["514 555-0134"]


def test_last_digits_find_numbers_anywhere_in_the_world(client, make):
    make("+442079460134", label="London", country="GB")
    make("+15145550134")
    assert len(found(client, q="0134")) == 2
    assert found(client, q="555") == ["514 555-0134"], "few digits may stand anywhere"
    assert found(client, q="+44 20") == ["+44 20 7946 0134"]


@pytest.mark.parametrize("typed", ["%", "_", "'; drop table", "\\", "٠١٣٤", "🛑", "x" * 80, "+", "()", "0" * 40, "--"])
def test_odd_searches_find_nothing_and_break_nothing(client, number, typed):
    assert found(client, q=typed) == []
    assert "No number matches" in page(client, q=typed)


def test_filters_stand_in_the_url_and_combine(client, make):
    """B1, B2."""
    make("+15145550101", label="Plain", sms=False, mms=False)
    make("+15145550102", label="Texts", fax=True, city="Laval")
    make("+15145550103", label="Resting", status="disabled")
    make("+15145550104", label="Away", gone_at=timezone.now())
    make("+15145550105", label="Released", status="deleted")
    assert len(found(client)) == 3
    assert found(client, can="fax") == ["514 555-0102"] == found(client, city="Laval")
    assert found(client, state="disabled") == ["514 555-0103"]
    assert found(client, state="gone") == ["514 555-0104", "514 555-0105"]
    assert found(client, can="sms", city="Laval", q="texts") == ["514 555-0102"]
    assert found(client, can="sms", city="Laval", q="plain") == []
    assert len(found(client, state="<b>", can="1", sort="password", after="abc")) == 3, "unknown values are ignored"


def test_numbers_without_911_are_found(client, make):
    """Toll-free numbers belong to no place and are not missing anything."""
    covered, bare = make("+15145550101"), make("+15145550102")
    make("+18445550198", kind="tollfree")
    EmergencyEndpointFactory(account=covered.account, connection=covered.connection, number=covered.number)
    EmergencyEndpointFactory(
        account=bare.account, connection=bare.connection, number=bare.number, gone_at=timezone.now()
    )
    EmergencyEndpointFactory(account=AccountFactory(), connection=bare.connection, number=bare.number)
    assert found(client, e911="missing") == ["514 555-0102"]


def test_an_upstream_can_be_chosen_where_there_are_several(client, camille, make):
    make("+15145550101")
    assert 'name="upstream"' not in page(client)
    second = ConnectionFactory(name="Second")
    RemoteAccountFactory(connection=second, account=camille.account)
    NumberFactory(account=camille.account, connection=second, number="+15145550102")
    assert found(client, upstream=second.pk) == ["514 555-0102"]
    assert "Second" in page(client)


def test_pages_follow_each_other_without_gap_or_double(client, make):
    for index in range(120):
        make(f"+1514555{index:04d}", label=f"Line {index % 7}")
    for sort in ("", "name"):
        seen, after = [], ""
        for _ in range(3):
            answer = client.get(LIST, {"sort": sort, "after": after})
            seen += [row.url for row in answer.context["rows"]]
            after = answer.context["next_url"].rpartition("after=")[2]
        assert len(seen) == len(set(seen)) == 120 and not after


def test_another_accounts_row_is_no_place_to_start_a_page(client, number):
    stranger = NumberFactory()
    assert len(found(client, after=stranger.pk)) == 1


# --- what the list says -----------------------------------------------------------------------------------------------


def test_a_row_says_state_capabilities_and_freshness(client, make):
    """B2, B16: what it could do and does not is struck through and said."""
    make("+15145550134", sms_enabled=False, tags="vip")
    html = page(client)
    assert "Active" in html and "tag-off" in html and "Could text, but texting is off" in html
    assert "from VoiceMeUp, 4 min ago" in html and ">vip<" in html


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"blocked_until": timezone.now() + timedelta(hours=1)}, "their limit resets"),
        ({"health": "failing"}, "stale: from VoiceMeUp"),
    ],
)
def test_a_troubled_upstream_makes_what_is_shown_stale(client, camille, number, values, words):
    """B16."""
    Connection.objects.filter(pk=camille.connection.pk).update(**values)
    assert words in page(client)


def test_numbers_never_read_say_so(client, camille):
    Feed.objects.update(last_ok_at=None)
    html = page(client)
    assert "No numbers yet" in html and "not read from VoiceMeUp yet" in html


def test_the_list_alone_is_sent_when_htmx_asks_for_it(client, number):
    answer = client.get(LIST, headers={"HX-Request": "true", "HX-Target": "number_list"})
    assert answer.content.strip().startswith(b'<section id="number_list"') and b"<html" not in answer.content
    assert b"<html" in client.get(LIST, headers={"HX-Request": "true", "HX-Target": "elsewhere"}).content


def cost(client, url: str) -> int:
    """Queries of a page whose caches are warm."""
    page(client, url)
    with CaptureQueriesContext(connection) as queries:
        page(client, url)
    return len(queries)


def test_the_list_costs_the_same_however_long_it_is(client, make):
    costs = []
    for first, last in ((0, 5), (5, 200)):
        for index in range(first, last):
            row = make(f"+1514555{index:04d}", tags="a, b")
            if index % 3 == 0:
                change_of(row, Operation.State.QUEUED, label="Soon")
        costs.append(cost(client, LIST))
    assert costs[0] == costs[1] <= 18


# --- a number's page --------------------------------------------------------------------------------------------------


def change_of(number: Number, state: str, **wanted) -> NumberChange:
    operation = Operation.objects.create(
        connection=number.connection, verb="number.update", idempotency_key=str(uuid.uuid4()), state=state,
        arguments={"external_id": number.external_id, "account_id": number.account_id, "wanted": wanted},
        finished_at=timezone.now() if state == Operation.State.DONE else None,
    )  # fmt: skip
    before = {name: number.settings.get(name) for name in wanted}
    return NumberChange.objects.create(number=number, operation=operation, before=before, wanted=wanted)


def test_the_page_shows_the_number_and_its_settings(client, make):
    """B9, B10."""
    row = make("+15145550134", label="Reception", note="Ask <b>Marc</b>", tags="vip")
    row.settings |= {"forwarding": True, "forward_to": "+14385550177", "forward_after": 15, "sms_webhook": "portal"}
    row.save()
    html = page(client, detail(row))
    for words in ("514 555-0134", "Reception", "To 438 555-0177, after 15 seconds", "Delivered to your inbox", "vip"):
        assert words in html
    assert "Ask &lt;b&gt;Marc&lt;/b&gt;" in html and "No 911 address" in html


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Operation.State.QUEUED, "You changed this, waiting for VoiceMeUp."),
        (Operation.State.SENDING, "You changed this, waiting for VoiceMeUp."),
        (Operation.State.UNKNOWN, "VoiceMeUp has not answered clearly"),
        (Operation.State.DONE, "Confirmed by VoiceMeUp"),
        (Operation.State.FAILED, "VoiceMeUp refused this change"),
        (Operation.State.PARKED, "We could not find out"),
    ],
)
def test_a_card_says_what_became_of_a_change(client, number, state, words):
    """B16. While it is open the card asks again by itself; once settled it does not."""
    change_of(number, state, label="Front desk")
    html = page(client, detail(number))
    assert words in html
    assert ("every 2s" in html) == (state in (Operation.State.QUEUED, Operation.State.SENDING, Operation.State.UNKNOWN))
    assert ("Front desk" in html) and ("Discard the change" in html) == (state in ("failed", "parked"))


def test_a_change_that_upstream_kept_otherwise_is_not_called_confirmed(client, number):
    change = change_of(number, Operation.State.DONE, label="Front desk")
    Operation.objects.filter(pk=change.operation_id).update(result={"differs": ["label"]})
    html = page(client, detail(number))
    assert "keeps another value for: Name" in html and "Confirmed by" not in html


def test_while_the_upstream_is_away_the_card_says_when_the_change_goes_out(client, camille, number):
    change_of(number, Operation.State.QUEUED, label="Soon")
    Connection.objects.update(failing_since=timezone.now())
    assert "goes out when it is back" in page(client, detail(number))


def test_the_card_alone_tells_when_it_has_settled(client, number):
    headers = {"HX-Request": "true", "HX-Target": "card-name"}
    change = change_of(number, Operation.State.QUEUED, label="Soon")
    url = reverse("numbers:state", args=[number.pk]) + "?section=name"
    answer = client.get(url, headers=headers)
    assert answer.content.strip().startswith(b'<section id="card-name"') and "HX-Trigger" not in answer
    Operation.objects.filter(pk=change.operation_id).update(state="done", finished_at=timezone.now())
    answer = client.get(url, headers=headers)
    assert "number-settled" in answer["HX-Trigger"] and b"every 2s" not in answer.content
    assert client.get(url).status_code == 302, "without HTMX there is only the page"


def test_a_card_that_only_looks_again_does_not_take_the_focus(client, number):
    headers = {"HX-Request": "true", "HX-Target": "card-name"}
    url = reverse("numbers:state", args=[number.pk]) + "?section=name"
    assert b"autofocus" not in client.get(url, headers=headers).content
    assert b"autofocus" in client.get(url + "&back", headers=headers).content
    assert b"autofocus" in client.get(edit(number, "name"), headers=headers).content


def test_ports_under_way_are_told_above_the_list(client, camille, number):
    """B15: numbers that are coming are in no list yet."""
    PortRequestFactory(account=camille.account, connection=camille.connection)
    PortRequestFactory(account=camille.account, connection=camille.connection, status="completed")
    PortRequestFactory()
    assert "1 port under way" in page(client)


def test_a_gone_number_is_told_and_cannot_be_changed(client, number):
    """B15: the state is what upstream still lists."""
    Number.objects.filter(pk=number.pk).update(gone_at=timezone.now())
    html = page(client, detail(number))
    assert "released or ported away" in html and edit(number, "calls") not in html
    assert client.post(edit(number, "calls"), {}).status_code == 302
    assert not Operation.objects.exists()


def test_a_setting_the_upstream_does_not_have_is_not_offered(client, number):
    number.settings.pop("voicemail")
    number.save()
    assert "Voicemail" not in page(client, detail(number))
    assert "voicemail" not in client.get(edit(number, "calls")).context["form"].fields


def test_a_number_that_cannot_text_has_no_card_for_texts(client, make):
    row = make("+15145550134", sms=False, sms_enabled=False)
    row.settings["sms"] = False
    row.save()
    assert "card-texts" not in page(client, detail(row))


def test_the_page_costs_the_same_however_long_its_history(client, number):
    costs = []
    for changes in (1, 30):
        for index in range(changes):
            change_of(number, Operation.State.DONE, label=f"Name {index}")
        costs.append(cost(client, detail(number)))
    assert costs[0] == costs[1] <= 23


# --- editing ----------------------------------------------------------------------------------------------------------


def test_a_saved_form_is_a_row_an_operation_and_an_audit_entry(client, camille, number):
    data = filled(client, number, "name", label="  Front   desk ")
    assert client.post(edit(number, "name"), data).url == detail(number)
    change = NumberChange.objects.get()
    assert (change.wanted, change.before, change.user) == (
        {"label": "Front desk"},
        {"label": "Front line"},
        camille.user,
    )
    assert change.operation.arguments["wanted"] == {"label": "Front desk"}
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.before, entry.after) == (
        "number.changed", number.number, {"label": "Front line"}, {"label": "Front desk"},
    )  # fmt: skip


def test_in_place_the_card_comes_back_with_its_state(client, number):
    headers = {"HX-Request": "true", "HX-Target": "card-name"}
    form = client.get(edit(number, "name"), headers=headers)
    assert b"<html" not in form.content and b'hx-target="#card-name"' in form.content
    answer = client.post(edit(number, "name"), filled(client, number, "name", label="Front desk"), headers=headers)
    assert answer.status_code == 200 and b"waiting for VoiceMeUp" in answer.content and b"every 2s" in answer.content


REFUSED = [
    ("name", {"label": "x"}, "label"),
    ("name", {"label": "x" * 33}, "label"),
    ("name", {"label": "<script>"}, "label"),
    ("name", {"caller_id_name": "ab"}, "caller_id_name"),
    ("name", {"caller_id_name": "a" * 16}, "caller_id_name"),
    ("calls", {"forwarding": "on", "forward_to": ""}, "forward_to"),
    ("calls", {"forward_to": "911"}, "forward_to"),
    ("calls", {"forward_to": "514 911 0100"}, "forward_to"),
    ("calls", {"forward_to": "514555O100"}, "forward_to"),
    ("calls", {"forward_to": "5145550177;5145550178"}, "forward_to"),
    ("calls", {"forward_to": "514 555-0177 x5"}, "forward_to"),
    ("calls", {"forward_to": "514-555-0134"}, "forward_to"),
    ("calls", {"forward_to": "900 555 1234"}, "forward_to"),
    ("calls", {"forward_to": "+1 876 555 0100"}, "confirm_abroad"),
    ("calls", {"forward_to": "+44 20 7946 0018"}, "confirm_abroad"),
    ("calls", {"forward_after": "7"}, "forward_after"),
    ("texts", {"sms_email": "nobody"}, "sms_email"),
    ("texts", {"sms_forward_to": "12345"}, "sms_forward_to"),
    ("texts", {"sms_autoreply": "x" * 161}, "sms_autoreply"),
    ("texts", {"arrival": "own", "sms_webhook": ""}, "sms_webhook"),
    ("texts", {"arrival": "nowhere"}, "arrival"),
]


@pytest.mark.parametrize(("section", "change", "field"), REFUSED, ids=lambda value: str(value)[:50])
def test_wrong_input_is_told_at_its_field_and_kept(client, number, section, change, field):
    answer = client.post(edit(number, section), filled(client, number, section, **change))
    form = answer.context["form"]
    assert answer.status_code == 422 and form.errors[field] and not Operation.objects.exists()
    for name, value in change.items():
        assert form[name].value() == value or name.startswith("forward")
    assert "".join(form.errors[field]) in answer.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


def test_forwarding_abroad_needs_an_explicit_yes(client, number):
    """The consequence is told first; the second time, confirmed, it is asked for."""
    data = filled(client, number, "calls", forwarding="on", forward_to="+44 20 7946 0018")
    answer = client.post(edit(number, "calls"), data)
    assert "international rate" in answer.content.decode()
    assert client.post(edit(number, "calls"), {**data, "confirm_abroad": "on"}).status_code == 302
    assert NumberChange.objects.get().wanted == {"forwarding": True, "forward_to": "+442079460018"}


ADDRESSES = [
    "http://localhost/x", "http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://2130706433/",
    "https://10.0.0.8/", "https://[::1]/", "https://[fe80::1]/", "http://169.254.169.254/latest", "https://intranet/x",
    "https://printer.local/", "https://user:pass@example.com/", "https://example.com:22/", "ftp://example.com/",
    "javascript:alert(1)", "https://example.com:99999/", "//example.com/x", "https://exa mple.com/", "https://testserver/x",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_web_address_must_be_public_plain_and_not_ours(client, number, address):
    answer = client.post(edit(number, "texts"), filled(client, number, "texts", arrival="own", sms_webhook=address))
    assert answer.status_code == 422 and answer.context["form"].errors["sms_webhook"]
    assert not Operation.objects.exists()


@pytest.mark.parametrize("address", ["https://hooks.example.com/in?a=1", "http://example.com:8443/x"])
def test_a_customers_own_web_address_is_taken(client, number, address):
    data = filled(client, number, "texts", arrival="own", sms_webhook=address)
    assert client.post(edit(number, "texts"), data).status_code == 302
    assert NumberChange.objects.get().wanted == {"sms_webhook": address}


def test_two_people_editing_lose_nothing(client, number):
    """The second sees both versions; saving once more is a decision (RELIABILITY D: lost update)."""
    first, second = filled(client, number, "name"), filled(client, number, "name")
    client.post(edit(number, "name"), {**first, "label": "Hers"})
    answer = client.post(edit(number, "name"), {**second, "label": "His"})
    html = answer.content.decode()
    assert answer.status_code == 409 and "Hers" in html and "His" in html and NumberChange.objects.count() == 1
    again = answer.context["form"]
    data = {name: again[name].value() for name in again.fields}
    assert client.post(edit(number, "name"), data).status_code == 302
    assert NumberChange.objects.first().wanted == {"label": "His"}


def test_a_change_from_elsewhere_is_not_overwritten_unseen(client, number):
    data = filled(client, number, "calls", forwarding="on", forward_to="438 555-0177")
    number.settings["voicemail"] = False
    number.save()
    assert client.post(edit(number, "calls"), data).status_code == 409
    assert not Operation.objects.exists()


@pytest.mark.parametrize(
    "damage", [{"intent": ""}, {"intent": "x"}, {"version": ""}, {"intent": "", "version": "a" * 99}]
)
def test_a_damaged_form_comes_back_whole(client, number, damage):
    data = {**filled(client, number, "name"), "label": "Kept", **damage}
    answer = client.post(edit(number, "name"), data)
    assert answer.status_code == 409 and answer.context["form"]["label"].value() == "Kept"
    assert not Operation.objects.exists()


def test_only_the_settings_of_a_card_can_be_posted_to_it(client, number):
    """Mass assignment: nothing else of the number moves."""
    before = Number.objects.values().get(pk=number.pk)
    extra = {"account": "1", "status": "deleted", "settings": "{}", "voicemail": "", "sms": "on", "number": "+1"}
    client.post(edit(number, "name"), {**filled(client, number, "name"), **extra})
    assert Number.objects.values().get(pk=number.pk) == before and not Operation.objects.exists()


# --- notes ------------------------------------------------------------------------------------------------------------


def notes(client, number, **changes) -> dict:
    form = client.get(reverse("numbers:notes", args=[number.pk])).context["form"]
    return {name: form[name].value() for name in form.fields} | changes


def test_notes_are_kept_at_once_and_by_us_alone(client, number):
    """B8."""
    url = reverse("numbers:notes", args=[number.pk])
    client.post(url, notes(client, number, note="Line two\r\nof it", tags="vip,  Front desk ,vip,"))
    number.refresh_from_db()
    assert (number.note, number.tags) == ("Line two\nof it", "vip, Front desk")
    assert not Operation.objects.exists() and AuditEntry.objects.get().action == "number.noted"
    client.post(url, notes(client, number))
    assert AuditEntry.objects.count() == 1, "nothing changed, nothing to tell"


def test_a_note_written_meanwhile_is_shown_and_not_lost(client, number):
    url, data = reverse("numbers:notes", args=[number.pk]), notes(client, number, note="Mine")
    Number.objects.filter(pk=number.pk).update(note="Theirs")
    answer = client.post(url, data)
    assert answer.status_code == 409 and b"Theirs" in answer.content and b"Mine" in answer.content
    number.refresh_from_db()
    assert number.note == "Theirs"


def test_too_long_a_note_is_told(client, number):
    url = reverse("numbers:notes", args=[number.pk])
    assert client.post(url, notes(client, number, note="x" * 2001)).status_code == 422


# --- who may ----------------------------------------------------------------------------------------------------------


def doors(number: Number) -> list[str]:
    names = ("detail", "state", "notes")
    return [
        *(reverse(f"numbers:{name}", args=[number.pk]) for name in names),
        edit(number, "name"),
        edit(number, "calls"),
    ]


def test_a_stranger_finds_nothing(client, number):
    client.force_login(MembershipFactory().user)
    missing = client.get("/numbers/999999/")
    for url in doors(number):
        for answer in (client.get(url), client.get(url, headers={"HX-Request": "true"})):
            assert answer.status_code == 404 and answer.content == missing.content or answer.status_code == 404
        assert b"Reception" not in client.get(url).content
    assert client.post(edit(number, "name"), {"label": "Theirs"}).status_code == 404
    assert found(client) == [] and found(client, q="0134") == []


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.OWNER, 200, 200), (Role.ADMIN, 200, 200), (Role.SUPPORT, 200, 200), (Role.READER, 200, 403),
        (Role.BILLING, 200, 403), (Role.AGENT, 403, 403),
    ],
)  # fmt: skip
def test_each_role_gets_what_the_table_says(client, camille, number, role, reads, writes):
    user = UserFactory()
    MembershipFactory(user=user, account=camille.account, role=role)
    client.force_login(user)
    assert client.get(LIST).status_code == client.get(detail(number)).status_code == reads
    assert client.get(edit(number, "name")).status_code == writes
    assert client.get(reverse("numbers:notes", args=[number.pk])).status_code == writes
    if reads == 200:
        assert (edit(number, "name") in page(client, detail(number))) == (writes == 200)


def test_reading_changes_nothing(client, number):
    before = (Number.objects.values().get(pk=number.pk), Operation.objects.count(), AuditEntry.objects.count())
    for url in [LIST, *doors(number), edit(number, "texts")]:
        client.get(url)
        client.head(url)
    assert (Number.objects.values().get(pk=number.pk), Operation.objects.count(), AuditEntry.objects.count()) == before


def test_unknown_cards_do_not_exist(client, number):
    assert client.get(edit(number, "nothing")).status_code == 404


def test_the_pages_speak_french(client, camille, number):
    """No msgid is left in a state that cannot be translated: the page renders whole in French."""
    client.cookies["language"] = "fr"
    assert client.get(detail(number)).status_code == client.get(LIST).status_code == 200
