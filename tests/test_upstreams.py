"""The generated table of upstream calls: up to date, and loud about what is forgotten."""

import pytest

from tests import upstreams


def test_the_page_is_as_the_code_says():
    assert upstreams.TARGET.read_text(encoding="utf-8") == upstreams.page(), "run make upstreams"


def test_every_call_stands_in_it_once_for_each_method_that_makes_it():
    page = upstreams.page()
    assert all(f"| `{case}` |" in page for case in upstreams.CASES)
    assert sum(line.startswith("| `") and line.count("|") == 6 for line in page.splitlines()) == len(upstreams.CASES)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("document", "jafone: getFortune has no client method"),
        ("document", "jafone: getFortune is not served by the sandbox"),
        ("siblings", "jafone: getFortune has no client method"),
    ],
)
def test_a_call_that_nobody_speaks_or_serves_is_named(monkeypatch, capsys, name, told):
    client = upstreams.CLIENTS["jafone"]
    monkeypatch.setattr(client, name, (*getattr(client, name), "getFortune"))
    monkeypatch.setattr("sys.argv", ["upstreams", "--check"])
    assert upstreams.main() == 1
    assert told in capsys.readouterr().err


def test_a_method_without_a_test_is_named(monkeypatch):
    monkeypatch.setattr(upstreams, "CASES", [case for case in upstreams.CASES if str(case) != "jafone-sendSMS"])
    with pytest.raises(upstreams.Missing, match="jafone: sendSMS by send_message has no test"):
        upstreams.page()


def test_a_page_that_is_out_of_date_fails(monkeypatch, capsys, tmp_path):
    old = tmp_path / "upstreams.md"
    old.write_text("old")
    monkeypatch.setattr(upstreams, "TARGET", old)
    monkeypatch.setattr("sys.argv", ["upstreams", "--check"])
    assert upstreams.main() == 1 and "out of date" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", ["upstreams"])
    assert upstreams.main() == 0 and old.read_text() == upstreams.page()
