"""Catalogues are compiled in Python, only where needed, and never half."""

import gettext
import os

import pytest

from portal.management.commands.compile_locale import compile_if_older

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Numbers"
msgstr "Numéros"

#, fuzzy
msgid "Balance"
msgstr "Peut-être"
"""


@pytest.fixture
def source(tmp_path):
    source = tmp_path / "django.po"
    source.write_text(CATALOGUE)
    return source


def test_what_is_compiled_can_be_read_and_leaves_out_what_is_uncertain(source):
    assert compile_if_older(source)
    with source.with_suffix(".mo").open("rb") as compiled:
        words = gettext.GNUTranslations(compiled)
    assert words.gettext("Numbers") == "Numéros"
    assert words.gettext("Balance") == "Balance"
    assert sorted(path.name for path in source.parent.iterdir()) == ["django.mo", "django.po"]


def test_only_what_is_older_is_compiled_again(source):
    compile_if_older(source)
    assert not compile_if_older(source)
    os.utime(source, (source.stat().st_mtime + 60,) * 2)
    assert compile_if_older(source)


def test_a_broken_catalogue_leaves_the_old_one(source):
    compile_if_older(source)
    before = source.with_suffix(".mo").read_bytes()
    source.write_text('msgid "Numbers"\nnonsense "x"\n')
    os.utime(source, (source.stat().st_mtime + 60,) * 2)
    with pytest.raises(OSError, match="Syntax error"):
        compile_if_older(source)
    assert source.with_suffix(".mo").read_bytes() == before
