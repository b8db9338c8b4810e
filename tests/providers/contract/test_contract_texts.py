"""Texts: handed over once, in the log, across the network from any upstream to any other, and back."""

from datetime import timedelta

import pytest

from providers.clients.capability import Capability as May
from providers.clients.errors import Cause, Rejected
from providers.clients.records import Attachment, Direction, MessageRecord, SentMessage, Transmission
from providers.clients.registry import CLIENTS
from tests.providers.contract import soundness
from tests.providers.contract.subjects import NUMBERED, SUBJECTS, TEXTING, side

OUTSIDE = "+14185550123"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000049454e44ae426082")
PAIRS = [(giver, taker) for giver in TEXTING for taker in NUMBERED]


def able(may: May) -> list[str]:
    return [slug for slug, client in CLIENTS.items() if may in client.capabilities]


def sent(world, slug: str, body: str) -> list[dict]:
    """What was handed over to an upstream with these words."""
    return [row for row in world.effects(slug, "sms_sent") if row["data"]["message"] == body]


@pytest.mark.parametrize("slug", able(May.SEND_SMS))
def test_a_text_is_handed_over_once_and_shows_in_the_log(world, slug):
    ours, body = side(world, slug), "L'équipe arrive à 10 h"
    source = ours.source()
    ours.client.probe()
    world.forget()
    taken = ours.client.send_message(source, OUTSIDE, body)
    assert isinstance(taken, SentMessage) and taken.external_id and soundness.faults(taken) == []
    (effect,) = sent(world, slug, body)
    assert [row["id"] for row in world.received(slug)].count(effect["journal_id"]) == 1
    assert len(world.effects(slug, "sms_sent")) == 1
    world.later()
    (record,) = [one for one in ours.log(destination=OUTSIDE, direction=Direction.OUTBOUND) if one.body == body]
    assert (record.source, record.destination, record.direction) == (source, OUTSIDE, Direction.OUTBOUND)
    assert record.transmission in (Transmission.SENT, Transmission.DELIVERED, Transmission.PENDING)
    assert abs(record.sent_at - ours.now) < timedelta(minutes=10)
    assert soundness.faults(record) == [] and ours.client.unread == []
    if ours.client.sent_ids_in_log:
        assert record.external_id == taken.external_id


@pytest.mark.parametrize("slug", able(May.SEND_MMS))
def test_a_picture_goes_with_its_text(world, slug):
    ours = side(world, slug)
    source = ours.source()
    world.forget()
    ours.client.send_message(source, OUTSIDE, "look", Attachment(name="été.png", content=PNG, mime_type="image/png"))
    (effect,) = sent(world, slug, "look")
    assert effect["data"]["attachment"]
    (record,) = [one for one in ours.log(destination=OUTSIDE) if one.body == "look"]
    assert [(media.mime_type, media.size) for media in record.media] == [("image/png", len(PNG))]


@pytest.mark.parametrize(("giver", "taker"), PAIRS, ids=lambda slug: slug)
def test_a_text_arrives_at_any_other_upstream(world, giver, taker):
    ours = side(world, giver)
    theirs = side(world, taker, SUBJECTS[taker].other if giver == taker else "")
    source, destination, body = ours.source(), theirs.source(), f"From {giver} to {taker}: ça va?"
    world.forget()
    ours.client.send_message(source, destination, body)
    world.later()
    assert len(sent(world, giver, body)) == 1
    (came,) = [row for row in world.effects(taker, "sms_received") if row["data"]["message"] == body]
    assert came["account"] == ("lachance" if giver != taker else SUBJECTS[taker].other)
    (record,) = [one for one in theirs.log(direction=Direction.INBOUND, destination=destination) if one.body == body]
    assert isinstance(record, MessageRecord) and soundness.faults(record) == []
    assert (record.source, record.destination) == (source, destination)
    assert record.direction is Direction.INBOUND and theirs.client.unread == []


@pytest.mark.parametrize("slug", able(May.INBOUND_SMS))
def test_a_text_from_outside_arrives_once(world, slug):
    ours = side(world, slug)
    number = ours.source()
    world.sandbox.control("inbound-sms", {"from": "+14185550177", "to": number, "message": "Êtes-vous ouverts?"})
    world.later(5)
    (record,) = [one for one in ours.log(direction=Direction.INBOUND) if one.source == "+14185550177"]
    assert (record.destination, record.body) == (number, "Êtes-vous ouverts?")
    assert record.direction is Direction.INBOUND and soundness.faults(record) == [] and ours.client.unread == []


@pytest.mark.parametrize("slug", able(May.INBOUND_SMS))
def test_the_log_tells_the_two_directions_apart(world, slug):
    ours = side(world, slug)
    since = ours.long_ago.date()
    whole = {one.external_id: one.direction for one in ours.client.messages(since)}
    for direction in Direction:
        part = {one.external_id: one.direction for one in ours.client.messages(since, direction=direction)}
        assert part == {external_id: told for external_id, told in whole.items() if told is direction}
        assert part


@pytest.mark.parametrize("slug", able(May.DELIVERY_REPORTS))
def test_it_is_told_whether_a_text_reached_the_handset(world, slug):
    ours = side(world, slug)
    taken = ours.client.send_message(ours.source(), OUTSIDE, "Are you there?")
    world.later()
    (record,) = [one for one in ours.log(destination=OUTSIDE) if one.external_id == taken.external_id]
    assert record.transmission is Transmission.DELIVERED


@pytest.mark.parametrize("slug", able(May.OPT_OUT_PUSH))
def test_who_is_to_be_left_alone_gets_nothing_until_it_is_taken_back(world, slug):
    ours = side(world, slug)
    source = ours.source()
    ours.client.add_opt_out(OUTSIDE)
    ours.client.add_opt_out(OUTSIDE)
    assert not arrives(ours, source, "Rabais!")
    ours.client.remove_opt_out(OUTSIDE)
    assert arrives(ours, source, "Re-bonjour")


def arrives(ours, source: str, body: str) -> bool:
    """Whether a text goes out: some refuse it, others take it and say afterwards that it failed."""
    try:
        ours.client.send_message(source, OUTSIDE, body)
    except Rejected as refused:
        assert refused.cause is Cause.OPTED_OUT
        return False
    ours.world.later()
    (record,) = [one for one in ours.log(destination=OUTSIDE) if one.body == body]
    return record.transmission is not Transmission.FAILED


@pytest.mark.parametrize("slug", able(May.SEND_SMS))
def test_a_text_from_a_number_that_is_not_ours_is_refused_and_goes_nowhere(world, slug):
    ours = side(world, slug)
    theirs = side(world, slug, SUBJECTS[slug].other)
    source = "NORDET" if slug == "jomobile" else theirs.source()
    world.forget()
    with pytest.raises(Rejected):
        ours.client.send_message(source, OUTSIDE, "not ours")
    assert sent(world, slug, "not ours") == []
