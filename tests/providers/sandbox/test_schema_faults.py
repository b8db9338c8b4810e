"""Faults in the meaning of well-formed answers, in JSON and XML."""

import json
import xml.etree.ElementTree as ElementTree

import pytest

from providers.sandbox.faults import Rule
from providers.sandbox.request import Response
from providers.sandbox.schema_faults import SCHEMA, apply
from providers.sandbox.trouble import Trouble


def sms(api, fault, output="json", **args):
    """A list of rows under a schema fault, and the same without it."""
    ask = lambda: api.raw("get_sms", output=output, result_limit=20)[2]  # noqa: E731
    proper = ask()
    api.do("faults", call="get_sms", fault=fault, count=1, args=args)
    spoilt = ask()
    if output == "xml":
        return ElementTree.fromstring(proper), ElementTree.fromstring(spoilt)
    return json.loads(proper), json.loads(spoilt)


def details(document):
    return document["sms"]["sms_details"]


def test_every_schema_fault_changes_the_meaning_and_keeps_the_form(api):
    for fault in SCHEMA:
        options = {"all": True} if fault in ("phone_form", "wordy_amount", "text_altered") else {}
        proper, spoilt = sms(api, fault, **options)
        assert proper != spoilt or fault == "odd_amount", fault
        ElementTree.tostring(sms(api, fault, "xml")[1])


@pytest.mark.parametrize(
    "fault", ["missing_key", "null_value", "duplicate_rows", "huge_id", "zero_date", "empty_list", "unknown_word"]
)
def test_schema_faults_in_xml(api, fault):
    proper, spoilt = sms(api, fault, "xml")
    assert ElementTree.tostring(proper) != ElementTree.tostring(spoilt)


def test_a_field_is_chosen_by_name(api):
    proper, spoilt = sms(api, "missing_key", key="^sms_log_id$", all=True)
    assert all("sms_log_id" in row for row in details(proper)) and not any("sms_log_id" in r for r in details(spoilt))
    _, spoilt = sms(api, "unknown_word", key="transmission_status", all=True)
    assert {row["transmission_status"] for row in details(spoilt)} == {"teleported"}
    _, spoilt = sms(api, "zero_date", key="^datetime$", all=True)
    assert {row["datetime"] for row in details(spoilt)} == {"0000-00-00 00:00:00"}


def test_lists_and_items(api):
    proper, spoilt = sms(api, "item_for_list")
    assert details(spoilt) == details(proper)[0]
    assert sms(api, "list_for_item", key="^sms$")[1]["sms"] == [proper["sms"]]
    assert details(sms(api, "empty_list")[1]) == []
    assert details(sms(api, "duplicate_rows", rows=3)[1]) == [*details(proper), *details(proper)[:3]]
    assert details(sms(api, "missing_row")[1]) == details(proper)[1:]
    assert details(sms(api, "reversed_rows")[1]) == details(proper)[::-1]


def test_ids_out_of_range(api):
    for fault, wanted in (("negative_id", "-1"), ("zero_id", "0"), ("huge_id", str(2**63 + 7))):
        assert {row["sms_log_id"] for row in details(sms(api, fault, key="sms_log_id", all=True)[1])} == {wanted}
    assert len({row["sms_log_id"] for row in details(sms(api, "reused_ids")[1])}) == 1


def test_a_log_that_tells_it_otherwise(api):
    proper, spoilt = sms(api, "text_altered", key="message", all=True, how="upper")
    assert [row["message"] for row in details(spoilt)] == [
        m.upper() if " " in m or not m.isascii() else m for m in (row["message"] for row in details(proper))
    ]
    _, spoilt = sms(api, "phone_form", key="number$", all=True, form="dashes")
    assert all(row["source_number"][3] == "-" for row in details(spoilt))
    proper, spoilt = sms(api, "shifted_date", key="^datetime$", all=True, hours=24 * 365)
    assert all(
        int(b["datetime"][:4]) >= int(a["datetime"][:4]) for a, b in zip(details(proper), details(spoilt), strict=True)
    )


def test_what_is_no_tree_goes_out_as_it_is(api):
    api.do("faults", call="get_states", fault="missing_key", count=1)
    assert api.raw("get_states", output="xml", country_id="38")[0] == 200
    rows = details(json.loads(api.raw("get_sms", result_limit=1000)[2]))
    path = next(row["attachment"] for row in rows if row.get("attachment"))
    assert api.http("GET", path.split(api.host)[1])[0] == 200


@pytest.mark.parametrize(
    ("fault", "body", "wanted"),
    [
        ("shifted_date", {"at": "2026-01-31T22:30:00.250+00:00"}, {"at": "2026-02-01T02:30:00.250+00:00"}),
        (
            "shifted_date",
            {"day": "2026-01-31", "at": "2026-01-31 22:30"},
            {"day": "2026-01-31", "at": "2026-02-01 02:30"},
        ),
        ("shifted_date", {"at": "9999-12-31 23:00:00"}, {"at": "9999-12-31 23:00:00"}),
        ("impossible_date", {"at": "2026-01-31 22:30:00"}, {"at": "2026-02-30 22:30:00"}),
        ("wordy_amount", {"cash": 12.5, "tries": 2}, {"cash": "N/A", "tries": 2}),
        ("odd_amount", {"cash": "1,012.50 CR"}, {"cash": "1,012.50CR"}),
        ("negative_id", {"account_id": 7}, {"account_id": -1}),
        ("swapped_type", {"open": "12"}, {"open": 12}),
        ("item_for_list", [{"a": 1}, {"a": 2}], {"a": 1}),
        ("empty_list", [{"a": 1}], []),
        ("phone_form", {"to": "15185550100"}, {"to": "5185550100"}),
        ("other_case_key", {"Status": "x"}, {"status": "x"}),
    ],
)
def test_what_becomes_of_answers_of_other_shapes(fault, body, wanted):
    rule = Rule(1, {"fault": fault}, 0)
    assert json.loads(apply(Response(200, json.dumps(body).encode()), Trouble(rule)).body) == wanted
