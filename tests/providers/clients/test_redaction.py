"""Secrets are masked wherever they stand, and ordinary text is left alone."""

import time

import pytest

from providers.clients.redaction import LIMIT, Redactor

SECRET = 's3cr3t/va&lue+"quoted"é'
REDACTOR = Redactor([SECRET, "abc"], keys=("key",))


@pytest.mark.parametrize(
    "text",
    (
        f"before {SECRET} after",
        f"before {SECRET.upper()} after",
        "x=s3cr3t%2Fva%26lue%2B%22quoted%22%C3%A9",
        "x=s3cr3t%2fva%26lue%2b%22quoted%22%c3%a9",
        '{"note": "s3cr3t/va&lue+\\"quoted\\"\\u00e9"}',
        "<note>s3cr3t/va&amp;lue+&quot;quoted&quot;é</note>",
    ),
)
def test_a_credential_is_masked_in_every_writing(text):
    masked = REDACTOR.text(text)
    assert "***" in masked and "quoted" not in masked.lower()


@pytest.mark.parametrize(
    "text",
    (
        "auth_token=HIDE&x=1",
        "/api?x=1&auth_token=HIDE&y=2",
        '{"auth_token": "HIDE", "x": "1"}',
        '{"sip_password":"HIDE"}',
        '{\\"api_key\\": \\"HIDE\\"}',
        '{"api_key": HIDE}',
        "<international_nip>HIDE</international_nip>",
        "<password>\n<![CDATA[HIDE ]]></password>",
        '<peer password="HIDE"/>',
        "passcode=HIDE",
        "X-Api-Key=HIDE",
        '{"access_token": "HIDE',  # cut off in the middle
        "https://portal.example/webhooks/voicemeup/HIDE/",
        "sms_callback_url=https%3A%2F%2Fportal.example%2Fwebhooks%2Fvoicemeup%2FHIDE%2F",
        '"https:\\/\\/portal.example\\/webhooks\\/voicemeup\\/HIDE\\/"',
    ),
)
def test_known_names_hide_their_value(text):
    assert "HIDE" not in REDACTOR.text(text)


@pytest.mark.parametrize(
    "text",
    (
        "friendly_name=Front desk",
        '{"client_did_id": "12"}',
        "the password was changed",
        "abc",
        "<b>token</b>",
        "a=b&c=d",
    ),
)
def test_ordinary_text_is_left_alone(text):
    assert REDACTOR.text(text) == text


def test_fields_are_shown_one_a_line():
    fields = [("auth_token", "x1"), ("message", "hello\nthere"), ("key", "mine")]
    assert REDACTOR.fields(fields) == "auth_token=***\nmessage=hello\nthere\nkey=***"


def test_a_tree_is_copied_with_its_secrets_masked():
    tree = {"password": "x", "nip": "", "rows": [{"api_key": {"a": "b"}, "note": f"is {SECRET}", "n": 1}]}
    masked = REDACTOR.tree(tree)
    assert masked == {"password": "***", "nip": "", "rows": [{"api_key": "***", "note": "is ***", "n": 1}]}
    assert tree["password"] == "x"


def test_a_long_body_is_cut_and_says_so():
    masked = REDACTOR.text("x" * (LIMIT - 3) + SECRET + "y" * 500)
    assert len(masked) < LIMIT + 30 and masked.endswith("more") and SECRET[:6] not in masked


@pytest.mark.parametrize("piece", ("a", "token", '"token', "<a", "webhooks/", "auth_token=", "-_", '\\"', " "))
def test_masking_two_megabytes_of_anything_is_quick(piece):
    started = time.monotonic()
    REDACTOR.text(piece * (2_000_000 // len(piece)))
    assert time.monotonic() - started < 1.5


def test_names_secret_at_one_upstream_are_masked_in_bodies_too():
    redactor = Redactor(keys=("pin", "portOutPin"))
    assert redactor.text('{"pin": "4821", "spin": "x", "tn": 5, "portOutPin": 4821}') == (
        '{"pin": "***", "spin": "x", "tn": 5, "portOutPin": ***}'
    )
    assert redactor.tree({"pin": "4821", "key": ["7", 1]}) == {"pin": "***", "key": ["7", 1]}
    assert Redactor().text('{"pin": "4821"}') == '{"pin": "4821"}'


def test_what_is_learned_on_the_way_is_masked_from_then_on():
    redactor = Redactor(["firstsecret"])
    assert redactor.text("secondsecret") == "secondsecret"
    redactor.learn("secondsecret", "x")
    assert redactor.text("firstsecret secondsecret x") == "*** *** x"


def test_a_credential_written_as_a_number_is_masked_too():
    tree = Redactor(["482915"]).tree({"Subaccount": 482915, "Amount": 4829150, "Rows": [482915, True]})
    assert tree == {"Subaccount": "***", "Amount": 4829150, "Rows": ["***", True]}
