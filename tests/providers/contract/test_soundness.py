"""The contract's own tools: what is unsound is noticed, and answers are really spoilt."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from providers.clients.http import Answer
from providers.clients.records import BalanceRecord, Direction, MessageRecord, NumberRecord, NumberStatus, Transmission
from tests.providers.contract import soundness
from tests.providers.contract.performing import needles, shortened
from tests.providers.contract.spoiling import Spoiler

MESSAGE = MessageRecord(
    external_id="7",
    direction=Direction.INBOUND,
    source="+14185550123",
    destination="+15145550134",
    body="x",
    transmission=Transmission.SENT,
    sent_at=datetime(2026, 7, 1, tzinfo=UTC),
    raw={"a": "1"},
)
NUMBER = NumberRecord(external_id="7", number="+15145550134", status=NumberStatus.ACTIVE)
BALANCE = BalanceRecord(balance=Decimal(1), currency="CAD")
UNSOUND = [
    (MESSAGE, {"external_id": 7}),
    (MESSAGE, {"direction": "inbound"}),
    (MESSAGE, {"sent_at": datetime(2026, 7, 1)}),  # without a zone
    (MESSAGE, {"sent_at": datetime(2026, 7, 1, tzinfo=timezone(timedelta(hours=-4)))}),
    (MESSAGE, {"price": 1.5}),
    (MESSAGE, {"media": ["a"]}),
    (MESSAGE, {"raw": {"a": Decimal(1)}}),
    (NUMBER, {"number": "5145550134"}),
    (NUMBER, {"number": "+999"}),
    (NUMBER, {"activated_on": datetime(2026, 7, 1, tzinfo=UTC)}),
    (BALANCE, {"balance": Decimal("NaN")}),
    (BALANCE, {"balance": 1}),
    (BALANCE, {"currency": ""}),
    (BALANCE, {"currency": "dollars"}),
]


@pytest.mark.parametrize(("record", "changes"), UNSOUND, ids=lambda value: str(value)[:40])
def test_an_unsound_record_is_noticed_wherever_it_is(record, changes):
    assert soundness.faults([record, (record,)]) == []
    unsound = dataclasses.replace(record, **changes)
    assert soundness.faults(unsound) and soundness.faults([[record, unsound]])


def test_an_answer_is_spoilt_in_the_same_way_each_time_and_seldom_left_whole():
    tree = {"rows": [{"id": 7, "name": "x", "at": "2026-07-01"}] * 9, "status": "Success"}
    answer = shortened(Answer(200, "application/json", json.dumps(tree).encode()))
    assert len(json.loads(answer.body)["rows"]) == 4
    spoilt = [Spoiler(f"{number}", ("s3cret-word",)).spoil(answer) for number in range(60)]
    assert spoilt == [Spoiler(f"{number}", ("s3cret-word",)).spoil(answer) for number in range(60)]
    assert len({one.body for one in spoilt}) > 50 and answer not in spoilt[:10]
    assert any(b"s3cret-word" in one.body for one in spoilt) and {one.status for one in spoilt} > {200}


def test_xml_is_spoilt_and_mostly_stays_xml():
    body = b"<r><rows><row id='1'><a>x</a></row>" + b"<row id='2'/>" * 8 + b"</rows></r>"
    answer = shortened(Answer(200, "text/xml", body))
    assert answer.body.count(b"<row ") == 4
    spoilt = {Spoiler(f"{number}", ("s3cret-word",)).spoil(answer).body for number in range(60)}
    assert len(spoilt) > 40 and any(b"s3cret-word" in one for one in spoilt)


def test_a_private_key_is_known_by_a_line_of_its_middle():
    assert needles(["-----BEGIN\nabcdefgh\nijklmnop\n-----END\n", "123", "k3y-of-ours"]) == ("ijklmnop", "k3y-of-ours")
