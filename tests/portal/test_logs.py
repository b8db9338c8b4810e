"""Nothing secret reaches a log line, and no stranger can forge one (RELIABILITY B.1 items 51-53)."""

import logging

import pytest

from portal.logs import LineFormatter, RedactingFilter, redact

CANARY = "0123456789abcdef-canary"


@pytest.mark.parametrize(
    "text",
    [
        f"GET /v1.1/json/get_dids?username=a&auth_token={CANARY}&x=1",
        f"Max retries exceeded with url: /v3/rest.php?userId=1&key={CANARY}",
        f"Authorization: Bearer {CANARY}",
        f'{{"auth_token": "{CANARY}"}}',
        f"POST /webhooks/voicemeup/{CANARY}/ 200",
        f"password={CANARY}",
        f"Cookie: {CANARY}",
    ],
)
def test_a_secret_is_masked(text):
    assert CANARY not in redact(text)


def test_phone_numbers_keep_their_last_four_digits():
    assert redact("text to +15145550134 failed") == "text to ******0134 failed"


def line(message: str, *args, exc_info=None) -> str:
    record = logging.LogRecord("portal", logging.ERROR, __file__, 1, message, args, exc_info)
    RedactingFilter().filter(record)
    return LineFormatter().format(record)


def test_a_newline_cannot_forge_a_line():
    assert "\n" not in line("name: %s", "x\n2026-01-01 INFO forged")


def test_a_traceback_is_masked_too():
    try:
        raise ValueError(f"auth_token={CANARY}")
    except ValueError as error:
        text = line("broken", exc_info=(type(error), error, error.__traceback__))
    assert CANARY not in text and "ValueError" in text
