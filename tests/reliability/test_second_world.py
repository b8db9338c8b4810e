"""Done when 4: a connection is added and brings in a second world from another port; its credentials show nowhere."""

import pytest

from tests.sandboxes import Sandbox
from tests.stack import Stack
from tests.visitor import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(600)]
CANARY = "canary0c4e11fa9b7d42deadbeef00c0ffee11"
WRONG = "canarywr0ngwr0ngwr0ngwr0ngwr0ngwr0ng00"


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Another sandbox with another seed, and one of its accounts with a token to look for."""
    sandbox = Sandbox(tmp_path_factory.mktemp("second"), "--seed", "2").start()
    sandbox.control("account", {"key": "lachance", "set": {"auth_token": CANARY}})
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def stack():
    with Stack() as stack:
        yield stack.start("sandbox", "web")


def connect(stack, second, name: str, token: str) -> str:
    account = second.accounts()["lachance"]
    done = stack.manage(
        "add_connection", "voicemeup", "--account", "Second world", "--name", name, "--base-url", second.voicemeup,
        "--credential", f"client_user_id={account['client_user_id']}", "--credential", f"auth_token={token}",
    )  # fmt: skip
    return done.stdout + done.stderr


def everything_written(stack) -> str:
    """The database and every file that the portal left, but for the upstreams' own."""
    folders = [stack.logs, stack.folder / "var"]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and "static" not in path.parts]
    return stack.database.dump() + "".join(path.read_bytes().decode(errors="replace") for path in files)


def test_a_second_world_comes_in_from_another_port(stack, second):
    said = connect(stack, second, "Second", CANARY)
    before = second.now()
    done = stack.manage("sync", "Second")
    for feed in ("numbers", "messages", "ports", "e911", "ledger", "balance"):
        assert f"{feed}: " in done.stdout
    assert {row["call"] for row in second.journal(since=before)} >= {
        "get_dids",
        "get_sms",
        "get_port_requests",
        "get_e911",
    }

    rows = "SELECT count(*) FROM {} t JOIN accounts_account a ON a.id = t.account_id WHERE a.name = 'Second world'"
    for table in (
        "numbers_number",
        "messaging_message",
        "numbers_portrequest",
        "numbers_emergencyendpoint",
        "billing_ledgerentry",
    ):
        assert stack.value(rows.format(table)) > 0, table

    stack.rows(
        "INSERT INTO accounts_membership (user_id, account_id, role, created_at) SELECT u.id, a.id, 'owner', a.created_at FROM accounts_user u, accounts_account a"
        " WHERE u.email = 'staff@demo.test' AND a.name = 'Second world'"
    )
    visitor = Visitor(stack.base_url).sign_in("staff@demo.test")
    number = stack.value(
        "SELECT n.number FROM numbers_number n JOIN accounts_account a ON a.id = n.account_id WHERE a.name = 'Second world'"
    )
    found = "".join(visitor.get(path).text for path in ("/", "/numbers/", f"/numbers/?q={number[-4:]}"))
    assert number[-4:] in found
    assert CANARY not in said + done.stdout + done.stderr + found + everything_written(stack)


def test_wrong_credentials_are_said_in_clear_words_and_shown_nowhere(stack, second):
    connect(stack, second, "Second, mistyped", WRONG)
    done = stack.manage("sync", "Second, mistyped", check=False)
    assert done.returncode == 1
    assert "authentication_failed" in done.stderr
    assert "does not accept" in done.stderr or "not accepted" in done.stderr or "refused" in done.stderr.lower(), (
        done.stderr
    )
    assert "Traceback" not in done.stderr
    assert stack.value("SELECT health FROM providers_connection WHERE name = 'Second, mistyped'") == "refused"
    assert WRONG not in done.stdout + done.stderr + everything_written(stack)


def test_the_second_world_is_nobody_else_s(stack):
    owner = stack.session()
    number = stack.value(
        "SELECT n.id FROM numbers_number n JOIN accounts_account a ON a.id = n.account_id WHERE a.name = 'Second world'"
    )
    assert owner.get(f"/numbers/{number}/").status_code == 404
