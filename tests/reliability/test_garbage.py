"""An upstream that answers garbage: what was read before stays, the run says what went wrong, nothing vanishes."""

import json

import pytest

from tests.reliability import texting
from tests.stack import Stack

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]
TABLES = (
    "numbers_number",
    "messaging_message",
    "numbers_portrequest",
    "numbers_emergencyendpoint",
    "billing_ledgerentry",
    "billing_balance",
)
PAGES = ("/", "/messages/", "/numbers/", "/numbers/ports/", "/numbers/e911/", "/billing/")
GARBAGE = ("invalid_json", "html_page", "http_500")
LOTS = (
    ("subaccounts", "balance", "numbers", "ports"),
    ("e911", "ledger", "messages"),
)  # so few failures do not open the breaker


@pytest.fixture(scope="module")
def stack():
    """No worker: these tests run the feeds themselves."""
    with Stack() as stack:
        yield stack.start("sandbox", "web")


def connection_of(stack) -> str:
    return stack.value(
        "SELECT c.name FROM providers_connection c JOIN accounts_remoteaccount r ON r.connection_id = c.id"
        " JOIN accounts_membership m ON m.account_id = r.account_id JOIN accounts_user u ON u.id = m.user_id WHERE u.email = ?",
        texting.OWNER,
    )


def counts(stack) -> dict[str, int]:
    gone = {"numbers_number", "numbers_portrequest", "numbers_emergencyendpoint"}
    present = {table: " WHERE gone_at IS NULL" if table in gone else "" for table in TABLES}
    return {table: stack.value(f"SELECT count(*) FROM {table}{where}") for table, where in present.items()}


@pytest.mark.parametrize("fault", GARBAGE)
def test_garbage_on_every_read_takes_nothing_away(stack, fault):
    before, last = counts(stack), stack.value("SELECT max(id) FROM providers_syncrun")
    stack.sandbox.control("faults", {"call": "*", "fault": fault})
    try:
        for lot in LOTS:
            options = [word for feed in lot for word in ("--feed", feed)]
            done = stack.manage("sync", connection_of(stack), *options, check=False)
            stack.rows(
                "UPDATE providers_connection SET failures = 0, retry_at = NULL, health = 'ok', failing_since = NULL"
            )
            assert done.returncode == 1
            assert "Traceback" not in done.stderr + done.stdout
    finally:
        stack.sandbox.control("faults", method="DELETE")
    runs = stack.rows("SELECT feed, state, error_code, error FROM providers_syncrun WHERE id > ?", last)
    assert len(runs) == sum(map(len, LOTS))
    assert {state for _, state, _, _ in runs} == {"failed"}, runs
    assert all(code and words for _, _, code, words in runs), runs
    assert not {"internal", "breaker_open"} & {code for _, _, code, _ in runs}, runs
    assert counts(stack) == before
    for path in PAGES:
        assert stack.session().get(path).status_code == 200


def test_a_listing_that_is_suddenly_empty_is_held_for_a_person(stack):
    """The vanish guard, with the real process of an upstream that lost its numbers."""
    before = counts(stack)
    world = stack.folder / "world.json"
    stack.sandbox.stop()
    whole = world.read_text()
    lost = json.loads(whole)
    for account in lost["slugs"]["voicemeup"]["accounts"].values():
        account["dids"] = {}
    world.write_text(json.dumps(lost))
    stack.sandbox.start()
    try:
        done = stack.manage("sync", connection_of(stack), "--feed", "numbers", check=False)
    finally:
        stack.sandbox.stop()
        world.write_text(whole)
        stack.sandbox.start()
    assert done.returncode == 1
    assert "Waits for a person" in done.stderr
    assert counts(stack) == before
    assert stack.value("SELECT state FROM providers_syncrun ORDER BY id DESC LIMIT 1") == "held"

    again = stack.manage("sync", connection_of(stack), "--feed", "numbers")
    assert "0 gone" in again.stdout, "the numbers are back, and so is everything"
    assert counts(stack) == before
