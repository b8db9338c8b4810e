"""English and French are complete (K1): a text without French fails the build."""

import re

from portal import catalogue

SIGNS = "- . , ' & ( ) # / : +"  # a list of letters, not a sentence
MARKS = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def test_every_text_has_its_french():
    missing = catalogue.missing()
    assert not missing, f"{len(missing)} texts without French, such as {[text.words for text in missing[:5]]}"


def test_the_catalogue_holds_nothing_that_nobody_says():
    said = set(catalogue.texts())
    left = [entry.msgid for entry in catalogue.catalogue() if catalogue._key(entry) not in said]
    assert not left, left[:10]


def french() -> list[tuple[str, set[str]]]:
    """Every French text, with the placeholders that its English has."""
    return [
        (words, set(MARKS.findall(entry.msgid)) | set(MARKS.findall(entry.msgid_plural or "")))
        for entry in catalogue.catalogue()
        for words in [entry.msgstr, *entry.msgstr_plural.values()]
    ]


def test_french_keeps_every_placeholder():
    assert not [words for words, wanted in french() if not set(MARKS.findall(words)) <= wanted]
    rest = {
        words: MARKS.sub("", words).replace("%%", "").replace("\u00a0%", "").replace(" %", "") for words, _ in french()
    }
    assert not [words for words, left in rest.items() if "%" in left]


def test_french_marks_never_begin_a_line():
    """K1: what stands apart from its word in French is tied to it by a space that does not break."""
    loose = re.compile(r"(?<=[\w)».%]) [:;?!»](?=\s|$)|« ")
    assert not [words for words, _ in french() if loose.search(words.replace(SIGNS, ""))]


def test_the_collector_finds_texts_of_code_and_templates(tmp_path):
    (tmp_path / "accounts").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "accounts" / "x.py").write_text(
        'from django.utils.translation import gettext as _, ngettext\n_("One")\nngettext("a cat", "%(n)s cats", 2)\n'
    )
    (tmp_path / "templates" / "x.html").write_text(
        '{% translate "Two" %}{% blocktranslate count n=n %}a dog{% plural %}{{ n }} dogs{% endblocktranslate %}'
        '{% translate "It\'s" as z %}{% icon "x" label=_("Three") %}'
    )
    words = {(text.words, text.plural) for text in catalogue.texts(tmp_path)}
    assert words == {
        ("One", ""),
        ("a cat", "%(n)s cats"),
        ("Two", ""),
        ("a dog", "%(n)s dogs"),
        ("It's", ""),
        ("Three", ""),
    }
