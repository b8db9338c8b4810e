"""How money, numbers and times are written, in both languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accounts import presenting
from accounts.presenting import ago, clock, day, device, fresh, money, number, phone, when

NB = "\u00a0"
NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)  # 14:30 in Toronto


@pytest.fixture
def french():
    with translation.override("fr"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def in_toronto(time_machine):
    time_machine.move_to(NOW, tick=False)
    with timezone.override(ZoneInfo("America/Toronto")):
        yield


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1234.56", f"$1,234.56{NB}CAD"),
        ("-12.5", f"−$12.50{NB}CAD"),
        ("0", f"$0.00{NB}CAD"),
        ("-0.001", f"$0.00{NB}CAD"),
        ("1000000", f"$1,000,000.00{NB}CAD"),
    ],
)
def test_money_in_english(english, amount, expected):
    assert money(Decimal(amount), "CAD") == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [("1234.56", f"1{NB}234,56{NB}${NB}CAD"), ("-12.5", f"−12,50{NB}${NB}CAD")]
)
def test_money_in_french(french, amount, expected):
    assert money(Decimal(amount), "CAD") == expected


def test_money_may_leave_the_currency_out_only_where_it_has_a_sign(english):
    assert money(Decimal(5), "USD", show_currency=False) == "$5.00"
    assert money(Decimal(5), "XOF", show_currency=False) == f"5.00{NB}XOF"


def test_rates_keep_their_decimals(english):
    assert money(Decimal("0.0085"), "CAD", decimals=4, show_currency=False) == "$0.0085"


def test_no_amount_is_no_text():
    assert money(None, "CAD") == ""


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_money_keeps_every_digit(amount):
    for language in ("en", "fr"):
        with translation.override(language):
            digits = "".join(char for char in money(amount, "CAD") if char.isdigit())
            assert int(digits) == abs(int(amount.scaleb(2)))


def test_numbers(french):
    assert number(-1234567) == f"−1{NB}234{NB}567"
    assert number(Decimal("99.5"), 1) == "99,5"


@pytest.mark.parametrize(
    ("e164", "home", "expected"),
    [
        ("+15145550134", "CA", f"514{NB}555-0134"),
        ("+12125550134", "US", f"212{NB}555-0134"),
        ("+18005550134", "CA", f"800{NB}555-0134"),
        ("+442079460958", "CA", f"+44{NB}20{NB}7946{NB}0958"),
        ("+442079460958", "GB", f"020{NB}7946{NB}0958"),
        ("+15145550134", "FR", f"+1{NB}514-555-0134"),
        ("", "CA", ""),
        (None, "CA", ""),
        ("12345", "CA", "12345"),
        ("Vidéotron", "CA", "Vidéotron"),
        ("+", "CA", "+"),
    ],
)
def test_phone(e164, home, expected):
    assert phone(e164, home) == expected


@given(st.text(max_size=40))
def test_phone_never_raises(text):
    assert isinstance(phone(text), str)


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=44), "just now"),
        (timedelta(seconds=50), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(hours=30), "1 day ago"),
        (timedelta(days=5), "5 days ago"),
    ],
)
def test_ago(english, back, expected):
    assert ago(NOW - back, NOW) == expected


def test_never(english):
    assert ago(None) == "never"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (NOW, "14:30"),
        (datetime(2026, 11, 20, 5, 0, tzinfo=UTC), "00:00"),
        (datetime(2026, 11, 20, 4, 59, tzinfo=UTC), "yesterday 23:59"),
        (datetime(2026, 3, 3, 19, 2, tzinfo=UTC), f"Mar{NB}3, 14:02"),
        (datetime(2025, 3, 3, 19, 2, tzinfo=UTC), f"Mar{NB}3, 2025, 14:02"),
        (None, ""),
    ],
)
def test_when(english, in_toronto, moment, expected):
    assert when(moment) == expected


def test_when_and_day_in_french(french, in_toronto):
    assert clock(NOW) == f"14{NB}h{NB}30"
    assert when(datetime(2026, 3, 3, 19, 2, tzinfo=UTC)) == f"3{NB}mars, 14{NB}h{NB}02"
    assert day(date(2026, 12, 1)) == f"1er{NB}décembre"
    assert day(date(2025, 8, 2)) == f"2{NB}août{NB}2025"


def test_day_of_a_moment_is_the_local_one(english, in_toronto):
    assert day(datetime(2026, 11, 20, 4, 59, tzinfo=UTC)) == f"Nov{NB}19"
    assert day(None) == ""


def test_fresh(english, in_toronto):
    young = fresh("VoiceMeUp", NOW - timedelta(minutes=4), late_after=timedelta(hours=1))
    assert (young.text, young.title, young.stale) == ("from VoiceMeUp, 4 min ago", "14:26", False)
    old = fresh("VoiceMeUp", NOW - timedelta(hours=3), late_after=timedelta(hours=1))
    assert (old.text, old.stale) == ("stale: from VoiceMeUp, 3 h ago", True)
    assert fresh("VoiceMeUp", None).stale


def test_fresh_without_a_limit_is_never_stale(english, in_toronto):
    assert not fresh("VoiceMeUp", NOW - timedelta(days=400)).stale


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605 Version/17 Safari/605", "Safari on macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/140 Mobile Safari/537 Edg/140", "Edge on Android"),
        ("curl/8.0", "Unknown device"),
    ],
)
def test_device(english, agent, expected):
    assert device(agent) == expected


def test_a_page_of_rows_costs_next_to_nothing(english):
    """Fifty rows with five texts each; generous, so that a busy machine does not fail it."""
    started = timezone.now()
    for _row in range(250):
        money(Decimal("12.34"), "CAD")
        phone("+15145550134")
        presenting.when(NOW)
        ago(NOW)
    assert timezone.now() - started < timedelta(seconds=0.5)
