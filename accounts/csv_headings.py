"""Headings of a file's columns, made plain so that accents, case and signs do not matter."""

import re
import unicodedata


def plain(heading: str) -> str:
    """ "N° de TÉLÉPHONE :" is "no de telephone"."""
    text = unicodedata.normalize("NFKD", heading.replace("°", "o").replace("º", "o").replace("#", " number "))
    bare = "".join(char for char in text.casefold() if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=\d)", " ", bare)).split())


def file_name(name: str, otherwise: str) -> str:
    """What a person called the file, without its folders and without letters that no page shows."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    return "".join(char for char in last if unicodedata.category(char)[0] != "C").strip()[:120] or otherwise
