"""Phone numbers as people and upstreams write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.clients import phones
from providers.clients.phones import PhoneError, Reason


@pytest.mark.parametrize(
    ("text", "e164"),
    (
        ("5145550134", "+15145550134"),
        ("(514) 555-0134", "+15145550134"),
        ("1-514-555-0134", "+15145550134"),
        ("15145550134", "+15145550134"),
        ("+1 514.555.0134", "+15145550134"),
        ("514–555–0134", "+15145550134"),
        ("514\u00a0555\u00a00134", "+15145550134"),
        ("\u202a+1 514 555 0134\u202c", "+15145550134"),
        ("tel:+15145550134", "+15145550134"),
        ("+18765550100", "+18765550100"),
        ("8005551212", "+18005551212"),
        ("9005551234", "+19005551234"),
        ("+5352345678", "+5352345678"),
        ("011442079460018", "+442079460018"),
        ("+33 1 23 45 67 89", "+33123456789"),
    ),
)
def test_what_people_write(text, e164):
    assert phones.parse(text) == e164 == phones.to_e164(text, region="CA")


@pytest.mark.parametrize(
    ("text", "reason"),
    (
        ("", Reason.EMPTY),
        (" \u200b ", Reason.EMPTY),
        ("911", Reason.SERVICE),
        ("411", Reason.SERVICE),
        ("988", Reason.SERVICE),
        ("12345", Reason.SERVICE),
        ("5149110100", Reason.EXCHANGE),
        ("5141550100", Reason.EXCHANGE),
        ("2349115678", Reason.EXCHANGE),
        ("0145550100", Reason.AREA_CODE),
        ("1145550100", Reason.AREA_CODE),
        ("2915550100", Reason.AREA_CODE),
        ("9115550100", Reason.AREA_CODE),
        ("+1514555010", Reason.INVALID),
        ("+151455501000", Reason.INVALID),
        ("11111111111111111", Reason.INVALID),
        ("1" * 41, Reason.TOO_LONG),
        ("+99912345678", Reason.COUNTRY),
        ("514 555 0134 x5", Reason.EXTENSION),
        ("5145550134;ext=5", Reason.EXTENSION),
        ("514 555 0134 poste 12", Reason.EXTENSION),
        ("5145550134, 5145550135", Reason.SEVERAL),
        ("5145550134;5145550135", Reason.SEVERAL),
        ("5145550134\n5145550135", Reason.SEVERAL),
        ("514555O100", Reason.LETTERS),
        ("1-800-FLOWERS", Reason.LETTERS),
        ("anonymous", Reason.LETTERS),
        ("sip:a@b.example", Reason.LETTERS),
        ("５１４５５５０１３４", Reason.CHARACTERS),
        ("٥١٤٥٥٥٠١٣٤", Reason.CHARACTERS),
        ("*67", Reason.CHARACTERS),
        ("#", Reason.CHARACTERS),
        ("+", Reason.CHARACTERS),
    ),
)
def test_what_is_no_number_says_why(text, reason):
    with pytest.raises(PhoneError) as caught:
        phones.parse(text)
    assert caught.value.reason is reason
    assert text not in str(caught.value) or len(text) < 4


@given(st.text(max_size=50))
def test_any_text_is_a_number_or_a_reason(text):
    try:
        assert phones.parse(text).startswith("+")
    except PhoneError as problem:
        assert problem.reason in Reason


@pytest.mark.parametrize(
    ("wire", "e164"),
    (
        ("5145550134", "+15145550134"),
        ("15145550134", "+15145550134"),
        ("+15145550134", "+15145550134"),
        (" 15145550134 ", "+15145550134"),
        ("442079460018", "+442079460018"),
        ("5149110100", "+15149110100"),  # not to be called, but a fact in a log
    ),
)
def test_what_upstreams_write(wire, e164):
    assert phones.from_wire(wire) == e164


def test_ten_digits_may_be_foreign_when_the_row_says_so():
    assert phones.from_wire("3212345678", international=True) == "+3212345678"


@pytest.mark.parametrize(
    "wire", ("", "12345", "0145550134", "10145550134", "514-555-0134", "１５１４５５５０１３４", "1" * 16)
)
def test_what_upstreams_write_wrongly(wire):
    with pytest.raises(PhoneError):
        phones.from_wire(wire)


def test_back_to_the_wire():
    assert phones.to_ten_digits("+15145550134") == "5145550134"
    assert phones.to_digits("+15145550134") == "5145550134"
    assert phones.to_digits("+442079460018") == "442079460018"
    with pytest.raises(PhoneError) as caught:
        phones.to_ten_digits("+442079460018")
    assert caught.value.reason is Reason.NOT_NANP


def test_facts_about_a_number():
    assert phones.national("+15145550134") == "(514) 555-0134"
    assert phones.national("+442079460018") == "+44 20 7946 0018"
    assert phones.national("12345") == "12345"
    assert phones.is_nanp("+18765550100") and not phones.is_nanp("+442079460018")
    assert phones.is_toll_free("+18885550134") and not phones.is_toll_free("+15145550134")
    assert phones.is_premium("+19005550134")
    assert [phones.region(e164) for e164 in ("+15145550134", "+12125550134", "+18765550100", "x")] == [
        "CA",
        "US",
        "JM",
        "",
    ]
