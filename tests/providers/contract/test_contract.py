"""The same questions to all five clients, each against its own sandbox over real sockets."""

import inspect
import json
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from providers.clients.capability import Capability as May
from providers.clients.errors import CredentialsRefused, Held, RateLimited, Unsupported, UpstreamError
from providers.clients.records import AccountRecord, Attachment
from providers.clients.registry import CLIENTS
from providers.clients.surface import Surface
from tests.providers.contract import soundness
from tests.providers.contract.connecting import Notebook, credentials_of
from tests.providers.contract.performing import needles
from tests.providers.contract.subjects import SUBJECTS, side, with_something_of
from tests.providers.contract.verbs import READ, VERBS, asked

SLUGS = tuple(CLIENTS)
PICTURE = Attachment(name="a.png", content=b"\x89PNG\r\n\x1a\n", mime_type="image/png")
READABLE = [(slug, may) for slug in SLUGS for may in READ if may in CLIENTS[slug].capabilities]
STREAMED = [(slug, may) for slug, may in READABLE if READ[may].streams]
# VoiceTel tells of one device, in no list.
LISTED = [pair for pair in STREAMED if pair != ("voicetel", May.SIP_REGISTRATIONS)]
UNDECLARED = [
    (slug, may, verb)
    for slug in SLUGS
    for may, verbs in VERBS.items()
    for verb in verbs
    if may not in CLIENTS[slug].capabilities
]
# Canaries of the right look: long enough to be masked, and nobody's.
CANARIES = {
    "private_key": "",  # another account's, below
    "user_id": "909090",
    "account_id": "9090909",
    "api_key": "0badc0de-dead-4bad-8bad-0badc0dec0de",
}


@pytest.fixture(params=SLUGS)
def slug(request):
    return request.param


@pytest.fixture
def notebook():
    return Notebook()


@pytest.fixture
def subject(world, slug, notebook):
    """The plumber's account at one upstream, watched."""
    found = side(world, slug, observer=notebook)
    found.client.probe()
    world.forget()
    yield found
    found.client.close()


# --- who it is


def test_every_verb_of_the_surface_belongs_to_a_capability():
    offered = {name for name, _ in inspect.getmembers(Surface, inspect.isfunction) if not name.startswith("_")}
    verbs = [verb for verbs in VERBS.values() for verb in verbs]
    assert sorted(verbs) == sorted(offered - {"account", "probe", "require"})


def test_the_account_says_who_it_is(subject):
    account = subject.client.account()
    assert isinstance(account, AccountRecord) and soundness.faults(account) == []
    assert account.external_id and account.organization
    if May.BALANCE in subject.client.capabilities:
        assert account.currency in (subject.client.balance().currency, "")


def test_constructing_one_sends_nothing(world, slug):
    side(world, slug)
    assert world.received() == []


def test_a_credential_that_is_missing_is_named_and_none_is_told(world, slug):
    given = credentials_of(world.account(slug), slug)
    with pytest.raises(ValueError) as missing:
        CLIENTS[slug]("http://127.0.0.1:9", dict.fromkeys(given, ""))
    assert not [value for value in needles(map(str, given.values())) if value in str(missing.value)]


@pytest.mark.parametrize(("slug", "spoilt"), [(one.slug, names) for one in SUBJECTS.values() for names in one.wrong])
def test_wrong_credentials_are_refused_and_told_nowhere(world, notebook, slug, spoilt):
    theirs = credentials_of(world.account(slug, SUBJECTS[slug].other), slug)
    wrong = {name: CANARIES.get(name, "canary0canary0canary0canary0cana") or theirs[name] for name in spoilt}
    client = side(world, slug, observer=notebook, **wrong).client
    with pytest.raises(CredentialsRefused) as refused:
        client.probe()
    shown = "".join(traceback.format_exception(refused.value)) + repr(vars(refused.value))
    shown += repr(notebook.exchanges) + json.dumps(world.received())
    secrets = [value for name, value in client.credentials.items() if name not in client.open_fields]
    assert not [secret for secret in needles(map(str, filter(None, secrets))) if secret in shown]
    assert notebook.exchanges[-1].outcome == "denied"
    assert world.effects(slug, "sms_sent") == []


def test_revoked_credentials_are_refused_and_mended_ones_are_not(subject):
    rule = subject.world.sandbox.disturb("authentication_failed", slug=subject.subject.slug)
    with pytest.raises(CredentialsRefused):
        subject.client.probe()
    subject.world.sandbox.control(f"faults/{rule['id']}", method="DELETE")
    subject.client.probe()


# --- what it can


@pytest.mark.parametrize(("slug", "may"), READABLE, ids=lambda value: str(value))
def test_what_is_declared_is_answered_with_sound_records(world, slug, may):
    found = with_something_of(world, slug, may)
    records = asked(found, may)
    assert records and all(isinstance(record, READ[may].kind) for record in records)
    assert soundness.faults(records) == []
    assert found.client.unread == []
    ids = [record.external_id for record in records if getattr(record, "external_id", "")]
    assert len(ids) == len(set(ids))
    kept = json.dumps(list(soundness.raw_of(records)), ensure_ascii=False)
    assert not [secret for secret in needles(filter(None, found.client.secrets())) if secret in kept]
    assert all(record.raw for record in records)


@pytest.mark.parametrize(("slug", "may", "verb"), UNDECLARED, ids=lambda value: str(value))
def test_what_is_not_declared_is_refused_and_nothing_is_sent(shared_world, slug, may, verb):
    client = side(shared_world, slug).client
    shared_world.forget()
    with pytest.raises(Unsupported) as refused:
        getattr(client, verb)(*VERBS[may][verb])
    assert refused.value.cause == "unsupported"
    assert shared_world.received() == []


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if May.SEND_MMS not in CLIENTS[slug].capabilities])
def test_a_picture_that_cannot_be_sent_is_refused_and_nothing_is_sent(world, slug):
    found = side(world, slug)
    source = found.source()
    world.forget()
    with pytest.raises(Unsupported):
        found.client.send_message(source, "+14185550123", "look", PICTURE)
    assert world.received() == []


def test_every_capability_that_is_declared_is_asked_somewhere(subject):
    """Those that neither READ nor VERBS has are asked by name, in this file and in test_contract_texts.py."""
    by_name = {May.SEND_MMS, May.INBOUND_SMS, May.DELIVERY_REPORTS, May.LOW_BALANCE_ALERT}
    assert set(subject.client.capabilities) <= set(READ) | set(VERBS) | by_name


# --- how it lists


@pytest.mark.parametrize(("slug", "may"), STREAMED, ids=str)
def test_a_listing_streams_and_asks_nothing_before_it_is_read(world, slug, may):
    found = with_something_of(world, slug, may)
    found.client.probe()
    long_ago = found.long_ago
    world.forget()
    listing = READ[may].ask(found)
    assert isinstance(listing, Iterator) and long_ago
    assert world.received(slug) == []
    assert isinstance(next(listing), READ[may].kind)


@pytest.mark.parametrize(("slug", "may"), LISTED, ids=str)
def test_a_row_that_cannot_be_read_is_put_aside_and_sinks_no_other(world, slug, may):
    found = with_something_of(world, slug, may)
    good = asked(found, may)
    send = found.client.http.send
    found.client.http.send = lambda request: with_an_odd_row(send(request))
    again = asked(found, may)
    assert [record.raw for record in again] == [record.raw for record in good]
    assert found.client.unread and all("odd" in repr(row) and reason for reason, row in found.client.unread)


def with_an_odd_row(answer):
    """The answer with one more row, which is none, at the end of its longest list of structures."""
    tree = json.loads(answer.body)
    lists = [rows for rows in lists_in(tree) if isinstance(rows[0], dict)]
    if lists:
        max(lists, key=len).append("odd")
    return type(answer)(answer.status, answer.content_type, json.dumps(tree).encode(), answer.headers)


def lists_in(tree) -> Iterator[list]:
    if isinstance(tree, list) and tree:
        yield tree
    for inner in tree.values() if isinstance(tree, dict) else ():
        yield from lists_in(inner)


# --- who is told


def test_an_observer_is_told_of_every_request_before_and_after(subject, notebook):
    began = len(notebook.exchanges)
    if May.NUMBERS in subject.client.capabilities:
        list(subject.client.numbers())
    list(subject.client.messages(subject.client.today() - timedelta(days=3)))
    received, told = subject.world.received(subject.subject.slug), notebook.exchanges[began:]
    assert [row["call"] for row in received] == [exchange.call for exchange in told]
    assert notebook.befores == [(exchange.call, exchange.bucket) for exchange in notebook.exchanges]
    client = subject.client
    for exchange in told:
        assert exchange.call in (*client.document, *client.siblings) and exchange.bucket in client.buckets
        assert (exchange.http_status, exchange.outcome) in ((200, "ok"), (404, "refused"))  # nothing found is 404
        assert exchange.url.startswith(client.base_url) and exchange.duration_ms >= 0 and exchange.response
        assert abs(exchange.started_at - datetime.now(UTC)) < timedelta(minutes=5)
        shown = repr(exchange)
        assert not [secret for secret in needles(filter(None, client.secrets())) if secret in shown]


def test_an_observer_that_says_wait_keeps_a_request_from_being_sent(world, slug):
    class Waiting(Notebook):
        def before(self, call, bucket):
            raise Held("not now", retry_at=datetime.now(UTC))

    client = side(world, slug, observer=Waiting()).client
    with pytest.raises(Held):
        client.probe()
    with pytest.raises(Held):
        client.send_message(SUBJECTS[slug].sender or "+15145550134", "+14185550123", "x")
    assert world.received(slug) == [] and client.observer.exchanges == []


@pytest.mark.parametrize(("fault", "args"), [("http_429", {"retry_after": 90}), ("hard_limit", {})])
def test_a_limit_is_reported_and_nothing_is_tried_again(subject, notebook, fault, args):
    subject.world.sandbox.disturb(fault, slug=subject.subject.slug, args=args)
    with pytest.raises(RateLimited) as limited:
        subject.client.account()
    assert limited.value.cause == "limit" and limited.value.retryable
    ((bucket, hard),) = notebook.limits
    assert bucket in subject.client.buckets and (hard or fault == "hard_limit")  # softly, where no wait is known
    assert notebook.exchanges[-1].outcome == "limited"
    assert len(subject.world.received(subject.subject.slug)) == 1
    if fault == "http_429":
        wait = limited.value.retry_at - datetime.now(UTC)
        assert timedelta(seconds=60) < wait <= timedelta(seconds=91)


@pytest.mark.parametrize("fault", ["close", "http_500", "http_503", "html_page", "truncated", "empty"])
def test_a_read_that_fails_is_one_of_our_errors_and_is_not_repeated(subject, fault):
    known = {one["name"] for group in subject.world.sandbox.faults().values() for one in group}
    if fault not in known:
        pytest.fail(f"the sandbox has no fault {fault}: {sorted(known)}")
    subject.world.sandbox.disturb(fault, slug=subject.subject.slug)
    with pytest.raises(UpstreamError):
        subject.client.account()
    assert len(subject.world.received(subject.subject.slug)) == 1


def test_what_is_closed_stays_usable_for_nothing_and_closes_twice(world, slug):
    client = side(world, slug).client
    client.probe()
    client.close()
    client.close()
