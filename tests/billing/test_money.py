"""Amounts as people type them (RELIABILITY D.2, class money)."""

from decimal import Decimal

import pytest

from billing.money import NotMoney, parse_money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("25", "25"), ("25.00", "25.00"), ("25,00", "25.00"), ("25,5", "25.5"), ("$25.50", "25.50"),
        ("25,50 $", "25.50"), ("1,234.56", "1234.56"), ("1 234,56", "1234.56"),
        ("1\u202f234,56\u00a0$", "1234.56"), ("1,234", "1234"), ("0", "0"), (" 5 ", "5"),
    ],
)  # fmt: skip
def test_both_languages_write_an_amount(text, amount):
    assert parse_money(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", " ", "-5", "\u22125", "12.345", "1.234", "1e3", "0x10", "NaN", "Infinity", "\u0663", "\uff11\uff12",
     "1'234.56", "CAD12", "12.34 CR", "5;6", "1,23,4", "$", "12.34.56", "9" * 40, "1_000"],
)  # fmt: skip
def test_what_has_no_single_reading_is_refused(text):
    with pytest.raises(NotMoney):
        parse_money(text)
