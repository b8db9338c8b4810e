"""C6, done when 3: our count against two libraries that know nothing of ours, and the page's count against the worker's.

`gsm0338` is a codec with the tables of GSM 03.38, `smsutil` cuts texts into parts. The texts are made from a seed, so that a
failure can be had again; many lie where one more letter makes another part.
"""

import itertools
import random
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import gsm0338
import pytest
import smsutil
from django.test import RequestFactory

from accounts.actor import Actor
from messaging import segments, services
from messaging.forms import TextForm
from messaging.models import Message
from messaging.upstream.records import Owners
from messaging.upstream.storing import store
from messaging.views.compose import count as count_view
from providers.clients.records import Direction, MessageRecord, Transmission
from tests.factories import ConnectionFactory, MembershipFactory, NumberFactory, RemoteAccountFactory

SEED, TEXTS = 4, 10_000
CODEC = gsm0338.Codec()
ESCAPE = "\x1b"  # the codec's own mark, which no text can hold; smsutil takes it for a letter
BASIC = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !#¤%&'()*+,-./0123456789:;<=>?¡ABCXYZÄÖÑÜ§¿abcxyzäöñüà"
EXTENSION = "^{}\\[~]|€\f"
UCS2 = "çêâîôûëïœÀÊ’“”`…«»–\tЖщ中文字あ한"
ASTRAL = "😀🎉🍁𝒜𠜎👍"
JOINED = [
    "👨‍👩‍👧",
    "👍🏽",
    "🇨🇦",
    "e\u0301",
    "c\u0327",
    "n\u0303",
    "\u200b",
    "\u200f",
    "שלום",
    "مرحبا",
    "\u0628\u0651",
    "ﷺ",
]
WORDS = "Bonjour votre rendez-vous est confirmé à 15 h demain Hello your order is ready reçu déjà être cœur".split()
# Around the end of a first part, alone and in several, in either alphabet; and two parts further on.
EDGES = [*range(66, 72), *range(132, 136), *range(151, 155), *range(158, 162), *range(199, 203), *range(304, 309)]


def texts(seed: int = SEED, number: int = TEXTS) -> list[str]:
    """The same ones for a seed, each of them something that can be sent: not empty, no half of a surrogate pair."""
    dice = random.Random(seed)
    kinds = [words, alphabet, edge, astral_edge, joined, any_code_points]
    made = (dice.choice(kinds)(dice) for _ in itertools.count())
    fit = (text for text in map(segments.clean, made) if text)
    return list(itertools.islice(fit, number))


def words(dice) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randint(1, 90)))


def alphabet(dice) -> str:
    letters = dice.choice([BASIC, BASIC + EXTENSION, EXTENSION, BASIC + UCS2, UCS2])
    return "".join(dice.choices(letters, k=dice.randint(1, 480)))


def edge(dice) -> str:
    """Plain letters up to the edge, one that costs two or changes the alphabet beside it, and more behind."""
    plain = dice.choice(["a", "ê"])
    left = plain * max(0, dice.choice(EDGES) + dice.randint(-2, 1))
    return left + dice.choice(EXTENSION + "ç😀a") + plain * dice.choice([0, 0, 1, dice.choice(EDGES)])


def astral_edge(dice) -> str:
    size = dice.choice([33, 34, 35, 36, 66, 67, 68])
    return "x" * dice.randint(0, 2) + "".join(dice.choices(ASTRAL, k=size)) + "é" * dice.randint(0, 3)


def joined(dice) -> str:
    return "".join(dice.choice([*JOINED, *WORDS, " "]) for _ in range(dice.randint(1, 120)))


def any_code_points(dice) -> str:
    codes = (
        dice.choice([dice.randint(1, 0x24F), dice.randint(0x250, 0xD7FF), dice.randint(0xE000, 0x10FFFF)])
        for _ in range(99)
    )
    return "".join(map(chr, codes)).replace(ESCAPE, "")[: dice.randint(1, 99)]


TEXT_LIST = texts()


def theirs(text: str) -> tuple[str, int, int]:
    """Encoding, units and parts by the libraries."""
    found = smsutil.split(text)
    name, width = ("GSM-7", 1) if found.encoding == "gsm0338" else ("UCS-2", 2)
    return name, found.total_bytes // width, len(found.parts)


def test_the_texts_are_a_fair_sample():
    """None of what matters is missing from them."""
    found = [segments.count(text) for text in TEXT_LIST]
    assert len(TEXT_LIST) == TEXTS and len(set(TEXT_LIST)) > TEXTS * 0.9
    assert {count.encoding for count in found} == {"GSM-7", "UCS-2"}
    for encoding, edges in {"GSM-7": (159, 160, 161, 306, 307), "UCS-2": (69, 70, 71, 134, 135)}.items():
        units = {count.units for count in found if count.encoding == encoding}
        assert units >= set(edges), sorted(set(edges) - units)
    moved = [count for count in found if count.parts > -(-count.units // {"GSM-7": 153, "UCS-2": 67}[count.encoding])]
    assert len(moved) > 50, "letters of two units that would have been cut in half"
    assert sum(any(map(unicodedata.combining, text)) for text in TEXT_LIST) > 300


def test_the_alphabet_is_the_codec_s_own():
    """Every letter of the basic plane, and some beyond: the same ones are GSM-7, at the same price."""
    for code in itertools.chain(range(1, 0xD800), range(0xE000, 0x10000), range(0x10000, 0x110000, 97)):
        char = chr(code)
        if char == ESCAPE:
            continue
        try:
            septets = len(CODEC.encode(char)[0])
        except UnicodeEncodeError:
            septets = 0
        ours = segments.count(char)
        assert (ours.units if ours.encoding == "GSM-7" else 0) == septets, f"U+{code:04X}"


def test_ten_thousand_texts_have_the_parts_that_an_independent_implementation_counts():
    different = []
    for text in TEXT_LIST:
        ours = segments.count(text)
        if (ours.encoding, ours.units, ours.parts) != theirs(text):
            different.append((text, ours, theirs(text)))
    assert different == []


@pytest.mark.django_db
def test_the_page_s_count_is_the_worker_s_for_each_text():
    """What the view answers while a person types, and the parts of the message that is stored: one count."""
    line = connected_line()
    ask = asking(line.account)
    shown = {text: ask(text) for text in dict.fromkeys(TEXT_LIST)}
    moment = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    for lot in lots(list(enumerate(shown)), 500):
        store(line.connection, [log_row(line, at, text, moment) for at, text in lot], Owners(line.connection))
    stored = dict(Message.objects.values_list("body", "parts"))
    assert len(stored) == len(shown)
    too_long = {text for text, parts in shown.items() if parts is None}
    assert too_long == {text for text in shown if segments.count(text).too_long}
    assert len(too_long) < len(shown) / 20
    assert [text for text, parts in shown.items() if text not in too_long and stored[text] != parts] == []


@pytest.mark.django_db
def test_a_written_text_is_stored_with_the_parts_that_were_shown():
    """The same through the form and the outbox, for a few hundred of them."""
    line = connected_line()
    ask, actor = asking(line.account), Actor(user=None, account=line.account, name="test")
    for turn, text in enumerate(TEXT_LIST[::50]):
        form = TextForm({"body": text, "intent": "0" * 8 + "-0000-4000-8000-" + f"{turn:012d}"})
        if not form.is_valid():
            assert segments.count(text).too_long
            continue
        sides = (line.number, "+14385550142")
        message = services.queue_message(actor, line.account, *sides, form.cleaned_data["body"], key=f"t{turn}")
        assert message.parts == ask(text)


def connected_line():
    remote = RemoteAccountFactory(connection=ConnectionFactory())
    return NumberFactory(account=remote.account, connection=remote.connection, number="+15145550134")


def asking(account):
    """The view's own answer: the number of parts in it, or None where it says that the text is too long."""
    standing = SimpleNamespace(may=lambda permission: True)
    user = MembershipFactory(account=account).user

    def ask(text: str) -> int | None:
        request = RequestFactory().post("/messages/count/", {"body": text})
        request.account, request.standing, request.user, request.htmx = account, standing, user, False
        html = count_view(request).content.decode()
        return None if "Too long" in html else int(re.search(r"(\d+) parts?\b", html)[1])

    return ask


def lots(rows: list, size: int):
    return (rows[start : start + size] for start in range(0, len(rows), size))


def log_row(line, at: int, text: str, moment: datetime) -> MessageRecord:
    return MessageRecord(
        external_id=f"m{at}", direction=Direction.OUTBOUND, source=line.number, destination="+14385550142", body=text,
        transmission=Transmission.SENT, sent_at=moment + timedelta(seconds=at),
    )  # fmt: skip
