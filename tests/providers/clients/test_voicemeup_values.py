"""VoiceMeUp's amounts, times, lists and rows, value by value."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from providers.clients.errors import Unreadable
from providers.clients.voicemeup import metadata, values
from providers.clients.voicemeup.mapping import signed

TORONTO = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("written", "balance"),
    (
        ("12.34", "-12.34"),
        ("12.34 CR", "12.34"),
        ("12.34CR", "12.34"),
        ("12.34 cr", "12.34"),
        ("0.00", "0"),
        ("0.00 CR", "0"),
        ("1,234.56 CR", "1234.56"),
        ("1,234,567.89", "-1234567.89"),
        ("1 234,56 CR", "1234.56"),
        ("1\u00a0234,56 CR", "1234.56"),
        ("1\u202f234,56", "-1234.56"),
        ("12,34 CR", "12.34"),
        ("$12.34 CR", "12.34"),
        ("12.34 $ CR", "12.34"),
        ("CAD 12.34", "-12.34"),
        ("0.0241", "-0.0241"),
        ("7", "-7"),
    ),
)
def test_a_balance_is_owed_unless_cr_follows(written, balance):
    assert values.balance(written) == Decimal(balance)
    assert not values.balance(written).is_signed() or values.balance(written) < 0


@pytest.mark.parametrize(
    "written",
    ("-5.00", "CR", "", " ", "+5.00", "1,234", "1.234,56", "12.34 DR", "1e3", "NaN", "Infinity", "12.3.4", "٣.٠٠", "١٢",
     "1'234.56", "12,34.56", "12 34", "0x1p3", "--", "12.34 CR CR", "12.34567890", "9" * 40),
)  # fmt: skip
def test_an_amount_in_no_known_form_is_an_error_and_never_zero(written):
    with pytest.raises(Unreadable):
        values.balance(written)


def test_a_transaction_is_signed_by_its_mark_or_else_its_kind():
    assert signed("50.00", 1) == 50
    assert signed("50.00", -1) == -50
    assert signed("50.00 CR", -1) == 50
    assert signed("-50.00", 1) == -50


@pytest.mark.parametrize(
    ("stamp", "utc"),
    (
        ("2026-01-15 12:00:00", datetime(2026, 1, 15, 17, tzinfo=UTC)),
        ("2026-07-15 23:30:00", datetime(2026, 7, 16, 3, 30, tzinfo=UTC)),
        ("2026-03-08 02:30:00", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),  # an hour that did not exist
        ("2026-11-01 01:30:00", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # and one that came twice: the first
    ),
)
def test_stamps_without_zone_are_the_accounts(stamp, utc):
    assert values.moment(stamp, TORONTO) == utc


@pytest.mark.parametrize("stamp", ("", "0000-00-00 00:00:00", "0000-00-00"))
def test_null_stamps_are_none(stamp):
    assert values.moment(stamp, TORONTO) is None
    assert values.day({"d": stamp}, "d") is None


@pytest.mark.parametrize(
    "stamp", ("2026-02-30 00:00:00", "2026-01-15T12:00:00Z", "1768478400", "now", "0001-01-01 00:00:00")
)
def test_other_stamps_are_unreadable(stamp):
    with pytest.raises(Unreadable):
        values.moment(stamp, ZoneInfo("Asia/Tokyo") if stamp.startswith("0001") else TORONTO)


def test_days():
    assert values.day({"d": "2024-02-29"}, "d") == date(2024, 2, 29)
    with pytest.raises(Unreadable):
        values.day({"d": "2026-02-29"}, "d")


@pytest.mark.parametrize(
    ("value", "words"),
    (
        ("", []),
        (None, []),
        ([], []),
        ({}, []),
        ("a", ["a"]),
        ("a,b, c,", ["a", "b", "c"]),
        (["a", "b"], ["a", "b"]),
        ({"option": ["a", "b"]}, ["a", "b"]),
        ({"option": "a"}, ["a"]),
        ({"_content": "a,b", "count": "2"}, ["a", "b"]),
        (7, ["7"]),
    ),
)
def test_a_list_is_read_in_all_its_forms(value, words):
    assert values.words(value) == words


def test_a_list_with_something_beside_it_is_unreadable():
    with pytest.raises(Unreadable):
        values.words({"count": "2", "id": ["1", "2"]})


@pytest.mark.parametrize("value", ("a", " a ", ["a", "a"], {"_content": "a", "lang": "fr"}))
def test_a_text_may_come_as_one_or_many(value):
    assert values.text({"k": value}, "k") == "a"


@pytest.mark.parametrize("value", (["a", "b"], {"x": "y"}, [{"x": "y"}]))
def test_a_text_with_parts_is_unreadable_and_not_blank(value):
    with pytest.raises(Unreadable):
        values.text({"k": value}, "k")


@pytest.mark.parametrize("body", ({}, {"dids": ""}, {"dids": []}, {"dids": {}}, {"dids": {"did_details": ""}}))
def test_an_empty_listing(body):
    assert (
        values.rows({"response_details": {"response_status": "success"}} | body, "did_details", "client_did_id") == []
    )


@pytest.mark.parametrize(
    "body",
    (
        {"dids": {"did_details": {"client_did_id": "1"}}},
        {"dids": {"did_details": [{"client_did_id": "1"}]}},
        {"did_details": {"client_did_id": "1"}},
        {"response_details": {"dids": {"did_details": {"client_did_id": "1"}}}},
        {"numbers": {"number_details": {"client_did_id": "1"}}},
        {"numbers": {"number": [{"client_did_id": "1"}]}},
    ),
)
def test_rows_are_found_whatever_holds_them(body):
    assert values.rows(body, "did_details", "client_did_id") == [{"client_did_id": "1"}]


def test_an_answer_of_unknown_shape_is_not_an_empty_listing():
    with pytest.raises(Unreadable):
        values.rows({"dids": {"did": {"id": "1"}}}, "did_details", "client_did_id")


PHP = 'a:1:{s:3:"ref";s:4:"ours";}'


def test_our_reference_is_read_from_json_only():
    assert metadata.reference({"metadata": {"raw_metadata": '{"ref":"ours"}'}}) == "ours"
    assert metadata.reference({"metadata": {"raw_metadata": PHP}}) == ""
    assert metadata.reference({"metadata": {"raw_metadata": '{"ref": 5}'}}) == ""
    assert metadata.reference({"metadata": ""}) == metadata.reference({}) == ""


def test_foreign_metadata_goes_back_as_it_came():
    assert metadata.fields("new", {"metadata": {"raw_metadata": PHP}}) == {"serialized_metadata": PHP}
    assert metadata.fields("new", {"metadata": {"raw_metadata": "a note"}}) == {"raw_metadata": "a note"}
    assert metadata.fields("new", {"metadata": {"raw_metadata": '{"crm":1}'}}) == {
        "raw_metadata": '{"crm":1,"ref":"new"}'
    }
    assert metadata.fields("", {}) == {}
