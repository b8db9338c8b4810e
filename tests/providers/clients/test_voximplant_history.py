"""Listings and histories: pages, windows of time, and the zone that histories speak. A small upstream answers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from providers.clients.errors import Rejected, Unclear, Unreadable
from providers.clients.voximplant import timeline
from providers.clients.voximplant.timeline import _cut
from tests.providers.clients.voximplant_made import PHONE, client, error, fields, listing

START = datetime(2026, 3, 1, tzinfo=UTC)
STAMP = "%Y-%m-%d %H:%M:%S"


class Upstream:
    """Transactions at given moments, told as a history tells them: in a zone, by pages, with limits."""

    def __init__(self, moments, zone="UTC", days=None, skip=10_000, total=True):
        self.moments = sorted(moments)
        self.zone, self.days, self.skip, self.total = ZoneInfo(zone), days, skip, total
        self.asked = []

    def __call__(self, request):
        sent = fields(request)
        self.asked.append((sent["from_date"], sent["to_date"], int(sent["offset"])))
        since, until = (self._moment(sent[key]) for key in ("from_date", "to_date"))
        if self.days and until - since > timedelta(days=self.days):
            return error(569, f"Date range should be within {self.days} days.")
        count, offset = int(sent["count"]), int(sent["offset"])
        if count > 1000 or offset > self.skip:
            return error(496, "The 'offset' parameter is invalid.")
        found = [(place, at) for place, at in enumerate(self.moments, start=1) if since <= at <= until]
        rows = [self._row(place, at) for place, at in found[offset : offset + count]]
        answer = listing(*rows, timezone=self.zone.key)
        return answer | {"total_count": len(found)} if self.total else answer

    def _moment(self, stamp):
        return datetime.strptime(stamp, STAMP).replace(tzinfo=self.zone).astimezone(UTC)

    def _row(self, place, at):
        told = at.astimezone(self.zone).strftime(STAMP)
        row = {"transaction_id": place, "performed_at": told, "amount": -1, "currency": "USD"}
        return row | {"transaction_type": "resource_charge"}


def ids(asked, since, until):
    return [int(record.external_id) for record in asked.ledger(since, until)]


def test_long_histories_come_page_by_page():
    upstream = Upstream([START + timedelta(seconds=n) for n in range(2500)])
    assert ids(client(upstream), date(2026, 3, 1), date(2026, 3, 2)) == list(range(1, 2501))
    assert [offset for _, _, offset in upstream.asked] == [0, 1000, 2000]


def test_no_page_is_fetched_before_its_rows_are_wanted():
    upstream = Upstream([START + timedelta(seconds=n) for n in range(5000)])
    rows = client(upstream).ledger(date(2026, 3, 1), date(2026, 3, 2))
    next(rows)
    assert len(upstream.asked) == 1


def test_a_history_longer_than_it_can_be_skipped_through_is_cut_in_time(monkeypatch):
    monkeypatch.setattr(timeline, "MOST_SKIPPED", 2000)
    moments = [START + timedelta(minutes=n) for n in range(9000)]
    upstream = Upstream(moments, skip=2000)
    assert ids(client(upstream), date(2026, 3, 1), date(2026, 3, 10)) == list(range(1, 9001))


def test_more_in_one_second_than_can_be_read_is_said(monkeypatch):
    monkeypatch.setattr(timeline, "MOST_SKIPPED", 1000)
    upstream = Upstream([START] * 4000, skip=1000)
    read = []
    with pytest.raises(Unclear) as caught:
        for record in client(upstream).ledger(date(2026, 3, 1), date(2026, 3, 1)):
            read.append(record)
    assert caught.value.code == "truncated" and len(read) == 2000


def test_a_range_of_too_many_days_is_cut_as_the_refusal_says():
    upstream = Upstream([START + timedelta(hours=9 * n) for n in range(300)], days=30)
    asked = client(upstream)
    assert ids(asked, date(2026, 3, 1), date(2026, 6, 30)) == list(range(1, 301))
    before = len(upstream.asked)
    assert ids(asked, date(2026, 3, 1), date(2026, 4, 15)) == list(range(1, 124))
    assert len(upstream.asked) - before == 2, "the next range is cut at once"


def test_a_refusal_of_a_range_that_cannot_be_cut_is_passed_on():
    with pytest.raises(Rejected):
        list(client(error(569, "Date range should be within 0 days.")).ledger(date(2026, 3, 1), date(2026, 3, 1)))


def test_the_zone_of_a_history_is_learnt_from_its_answer():
    """Asked in UTC, answered in Toronto's time: the question was another one and is asked anew."""
    late = datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    upstream = Upstream([START - timedelta(hours=2), late, late + timedelta(days=1)], zone="America/Toronto")
    asked = client(upstream)
    (record,) = asked.ledger(date(2026, 3, 2), date(2026, 3, 2))
    assert (record.external_id, record.occurred_on) == ("2", date(2026, 3, 2))
    assert [since for since, _, _ in upstream.asked] == ["2026-03-02 00:00:00", "2026-03-01 19:00:00"]
    assert len(list(asked.ledger(date(2026, 3, 2), date(2026, 3, 2)))) == 1
    assert len(upstream.asked) == 3, "it is known from then on"


def test_a_zone_that_nobody_knows_is_no_answer():
    with pytest.raises(Unreadable):
        list(client(listing(timezone="Mars/Olympus")).ledger(date(2026, 3, 1), date(2026, 3, 1)))


def test_zones_by_hours_are_read_with_their_upside_down_sign():
    row = {"transaction_id": 1, "performed_at": "2026-03-01 20:00:00", "amount": 1, "currency": "USD"}
    asked = client(listing(row | {"transaction_type": "promo"}, timezone="Etc/GMT+8"))
    (record,) = asked.ledger(date(2026, 3, 2), date(2026, 3, 2))
    assert record.occurred_on == date(2026, 3, 2)


@given(
    st.lists(st.integers(0, 40 * 86_400), max_size=60, unique=True),
    st.integers(1, 12),
    st.sampled_from(["UTC", "America/Toronto", "Asia/Kolkata"]),
)
@settings(max_examples=40, deadline=None)
def test_whatever_the_limits_every_row_comes_once(seconds, days, zone):
    moments = [START + timedelta(seconds=second) for second in seconds]
    asked = client(Upstream(moments, zone=zone, days=days))
    assert ids(asked, date(2026, 3, 1), date(2026, 4, 12)) == list(range(1, len(moments) + 1))


@given(st.integers(0, 10_000_000), st.integers(1, 3_000_000))
def test_parts_of_a_range_touch_and_do_not_overlap(length, step):
    end = START + timedelta(seconds=length)
    parts = list(_cut(START, end, timedelta(seconds=step if length / step < 500 else length)))
    assert parts[0][0] == START and parts[-1][1] == end
    assert all(first <= last for first, last in parts)
    gaps = {after[0] - before[1] for before, after in zip(parts, parts[1:], strict=False)}
    assert gaps <= {timedelta(seconds=1)}


# --- listings


def pages(*sizes, total):
    rows = [PHONE | {"phone_id": n} for n in range(1, sum(sizes) + 1)]
    answers, at = [], 0
    for size in sizes:
        answers.append(listing(*rows[at : at + size], total=total))
        at += size
    return answers


def test_a_listing_goes_on_until_its_total_even_when_pages_are_shorter_than_asked():
    asked = client(*pages(20, 20, 5, total=45))
    assert len(list(asked.numbers())) == 45
    assert [fields(request)["offset"] for request in asked.requests] == ["0", "20", "40"]


def test_a_listing_that_ends_before_its_total_is_not_believed():
    asked = client(*pages(20, 0, total=45))
    with pytest.raises(Unreadable) as caught:
        list(asked.numbers())
    assert caught.value.code == "short-listing"


def test_an_offset_that_is_not_heeded_ends_a_listing():
    asked = client(listing(PHONE, total=50))
    assert len(list(asked.numbers())) == 1
    assert len(asked.requests) == 2


def test_a_listing_without_a_total_goes_on_until_nothing_comes():
    row = {"sip_registration_id": 1, "sip_username": "a"}
    asked = client({"result": [row]}, {"result": [row | {"sip_registration_id": 2}]}, {"result": []})
    assert len(list(asked.registrations())) == 2
