"""C6, C7: parts and encoding, on the golden vectors of the SMS rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import segments

GOLDEN = [
    ("a" * 160, "GSM-7", 160, 1),
    ("a" * 161, "GSM-7", 161, 2),
    ("a" * 306, "GSM-7", 306, 2),
    ("a" * 307, "GSM-7", 307, 3),
    ("a" * 459, "GSM-7", 459, 3),
    ("a" * 460, "GSM-7", 460, 4),
    ("a" * 1000, "GSM-7", 1000, 7),
    ("€" * 80, "GSM-7", 160, 1),
    ("€" * 81, "GSM-7", 162, 2),
    ("a" * 158 + "€", "GSM-7", 160, 1),
    ("a" * 159 + "€", "GSM-7", 161, 2),
    ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
    ("ê" * 70, "UCS-2", 70, 1),
    ("ê" * 71, "UCS-2", 71, 2),
    ("ê" * 134, "UCS-2", 134, 2),
    ("ê" * 135, "UCS-2", 135, 3),
    ("😀" * 35, "UCS-2", 70, 1),
    ("😀" * 36, "UCS-2", 72, 2),
    ("ê" * 66 + "😀" + "ê" * 66, "UCS-2", 134, 3),
    ("ARRÊT", "UCS-2", 5, 1),
    ("\r\n", "GSM-7", 2, 1),
    ("", "GSM-7", 0, 0),
]


@pytest.mark.parametrize("text, encoding, units, parts", GOLDEN)
def test_the_golden_vectors(text, encoding, units, parts):
    found = segments.count(text)
    assert (found.encoding, found.units, found.parts) == (encoding, units, parts)


@pytest.mark.parametrize("char", "éèàùÇ\n\r\f^{}\\[]~|€")
def test_letters_that_cost_nothing_extra(char):
    assert segments.count(char).encoding == "GSM-7"


@pytest.mark.parametrize(
    "char", ["ç", "ê", "â", "î", "ô", "û", "ë", "ï", "œ", "À", "Ê", "’", "“", "”", "`", "\t", "\u00a0", "\0"]
)
def test_letters_that_turn_a_text_into_ucs2_are_named(char):
    found = segments.count(f"a{char}b{char}")
    assert (found.encoding, found.forcing) == ("UCS-2", (char,))


def test_the_plain_text_keeps_what_costs_nothing():
    text = "Ça a été reçu à l’hôtel, cœur «là» … "
    assert segments.plain(text) == 'Ça a été recu à l\'hotel, coeur "là" ... '
    assert segments.count(segments.plain(text)).encoding == "GSM-7"


def test_what_has_no_plain_form_stays():
    assert segments.plain("ê😀") == "e😀"


def test_left_tells_what_fits_into_the_last_part():
    assert segments.count("").left == 160
    assert segments.count("a" * 150).left == 10
    assert segments.count("a" * 161).left == 145
    assert segments.count("ê" * 68).left == 2


def test_longer_than_the_upstream_takes():
    assert not segments.count("a" * 1000).too_long
    assert segments.count("a" * 1001).too_long
    assert segments.count("😀" * 501).too_long


def test_clean_composes_accents_and_line_ends():
    assert segments.clean(" e\u0301\r\nb\r ") == "é\nb"


@given(
    st.text(alphabet=st.sampled_from("aé€ê😀^ç\n"), max_size=700),
    st.text(alphabet=st.sampled_from("a€ê😀"), max_size=50),
)
def test_more_text_is_never_fewer_parts(text, more):
    parts = segments.count(text).parts
    assert segments.count(text + more).parts >= parts
    naive = -(-segments.count(text).units // {"GSM-7": 153, "UCS-2": 67}[segments.count(text).encoding])
    assert naive - 1 <= parts <= naive + max(1, naive)


@given(st.text(max_size=300))
def test_any_text_can_be_counted_and_made_plain(text):
    found = segments.count(segments.plain(text))
    assert found.parts >= (1 if segments.plain(text) else 0)
    assert 0 <= found.left <= 160
