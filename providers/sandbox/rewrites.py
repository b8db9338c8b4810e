"""Faults that are another body: not what it claims to be, not well-formed, or meant to choke its reader."""

import gzip
import json
import re

from .statuses import HTML
from .trouble import is_json, is_xml

NUMBER = re.compile(rb"(:\s*)-?\d+(\.\d+)?(?=\s*[,}\]])")
FIRST_TEXT = re.compile(rb">([^<>]*[^<>\s][^<>]*)<")
PROLOG = re.compile(rb"^\s*<\?xml[^>]*\?>\s*")
ROOT = re.compile(rb"<([A-Za-z_][\w.-]*)")


def body_of(response, body, content_type=None):
    response.body = body
    response.content_type = content_type or response.content_type
    return response


def inserted(response, fields):
    """The same answer with more JSON at the beginning of its object, or more XML within its root."""
    body = response.body.lstrip()
    if body.startswith(b"{"):
        rest = body[1:].lstrip()
        return b"{" + fields + (b"" if rest.startswith(b"}") else b",") + rest
    return b"{" + fields + b"}"


def root_of(response):
    found = ROOT.search(PROLOG.sub(b"", response.body))
    return found[1] if found and is_xml(response) else b"response"


def with_entity(response, declaration):
    """An XML document with a document type, whose entity `e` stands where the first text was."""
    name = root_of(response)
    dtd = b'<?xml version="1.0"?>\n<!DOCTYPE ' + name + b" [\n" + declaration + b"\n]>\n"
    rest = PROLOG.sub(b"", response.body) if is_xml(response) else b"<response><status>x</status></response>"
    return body_of(response, dtd + FIRST_TEXT.sub(b">&e;<", rest, count=1), "text/xml; charset=utf-8")


# -- not what it claims to be


def empty(response, trouble):
    """Nothing at all."""
    return body_of(response, b"")


def html_page(response, trouble):
    """A maintenance page with a form to sign in, and status 200."""
    return body_of(response, HTML, "text/html; charset=utf-8")


def wrong_content_type(response, trouble):
    """The proper body under another content type."""
    return body_of(response, response.body, trouble.arg("content_type", "text/html; charset=utf-8"))


def no_content_type(response, trouble):
    """The proper body with an empty content type."""
    response.content_type = ""
    return response


def other_format(response, trouble):
    """XML where JSON was asked for, and the other way round."""
    if is_json(response):
        return body_of(response, b'<?xml version="1.0"?><response><status>success</status></response>', "text/xml")
    return body_of(response, b'{"status": "success"}', "application/json")


def plain_words(response, trouble):
    """A sentence."""
    return body_of(response, b"Service temporarily unavailable, please try again.", "text/plain")


def scalar_body(response, trouble):
    """JSON, but not the object or list that was expected (`value`)."""
    return body_of(response, json.dumps(trouble.arg("value", "ok")).encode(), "application/json")


def null_body(response, trouble):
    """The JSON word null."""
    return body_of(response, b"null", "application/json")


# -- damaged characters


def byte_order_mark(response, trouble):
    """Three bytes before the beginning."""
    return body_of(response, b"\xef\xbb\xbf" + response.body)


def invalid_utf8(response, trouble):
    """Bytes that are no UTF-8."""
    return body_of(response, response.body.replace(b"e", b"\xe9", 3))


def latin1(response, trouble):
    """The whole text in Latin-1 (Windows-1252 with `encoding`), with letters that show it."""
    text = response.body.decode("utf-8", "replace")
    shown = text if not text.isascii() else text.replace("e", "é", 3)
    return body_of(response, shown.encode(trouble.arg("encoding", "latin-1"), "replace"))


def utf16(response, trouble):
    """The whole text in UTF-16."""
    return body_of(response, response.body.decode("utf-8", "replace").encode("utf-16"))


def nul_bytes(response, trouble):
    """A NUL within the first words."""
    return body_of(response, re.sub(rb"([a-z])([a-z])", b"\\1\x00\\2", response.body, count=5))


def control_characters(response, trouble):
    """Raw control characters within texts, which neither JSON nor XML allows."""
    return body_of(response, re.sub(rb'(?<=[a-z])(["<])', b"\x07\x1b\\1", response.body, count=5))


# -- not well-formed


def invalid_json(response, trouble):
    """JSON with a bare word where a value should be."""
    return body_of(response, b'{"Enabled": yes, ' + response.body[1:-1])


def invalid_xml(response, trouble):
    """XML with tags that do not fit each other."""
    return body_of(response, response.body.replace(b"</", b"<", 1) + b"<unclosed>")


def cut_body(response, trouble):
    """The first half, with a length that says it is all (`share`)."""
    return body_of(response, response.body[: int(len(response.body) * float(trouble.arg("share", 0.5)))])


def trailing_comma(response, trouble):
    """A comma too many before the end."""
    return body_of(response, response.body.rstrip()[:-1] + b"," + response.body.rstrip()[-1:])


def single_quotes(response, trouble):
    """JSON as a careless hand prints it."""
    return body_of(response, response.body.replace(b'"', b"'"))


def two_documents(response, trouble):
    """The whole body twice, one after the other."""
    return body_of(response, response.body + b"\n" + response.body)


def text_before(response, trouble):
    """A warning of the server's language before the body."""
    warning = b"<br />\n<b>Warning</b>:  Undefined index: id in <b>rest.php</b> on line <b>42</b><br />\n"
    return body_of(response, warning + response.body)


def text_behind(response, trouble):
    """Something written after the body."""
    return body_of(response, response.body + b"\n<!-- served in 0.21 s -->")


# -- meant to choke


def nan(response, trouble):
    """NaN for the first number, and Infinity beside it."""
    return body_of(response, NUMBER.sub(rb"\1NaN", inserted(response, b'"infinity": Infinity'), count=1))


def repeated_keys(response, trouble):
    """The first key of the object again, at the end, with another value."""
    found = re.match(rb'\s*\{\s*("(?:[^"\\]|\\.)*")', response.body)
    again = b"," + found[1] + b': "again"}' if found else b', "again": 1}'
    return body_of(response, response.body.rstrip()[:-1] + again)


def deep_nesting(response, trouble):
    """A hundred thousand brackets (`depth`) beside what was expected."""
    depth = int(trouble.arg("depth", 100_000))
    if is_xml(response):
        start, closing, end = response.body.rpartition(b"</")
        return body_of(response, start + b"<d>" * depth + b"</d>" * depth + closing + end)
    return body_of(response, inserted(response, b'"deep": ' + b"[" * depth + b"]" * depth))


def huge_integer(response, trouble):
    """A number of five thousand digits (`digits`) for the first number, or beside it."""
    number = b"9" * int(trouble.arg("digits", 5000))
    if is_xml(response):
        return body_of(response, re.sub(rb">\d+<", b">" + number + b"<", response.body, count=1))
    body = NUMBER.sub(rb"\g<1>" + number, response.body, count=1)
    return body_of(response, body if body != response.body else inserted(response, b'"huge": ' + number))


def big_body(response, trouble):
    """Ten megabytes of blanks (`mb`) before the body."""
    return body_of(response, b" " * int(float(trouble.arg("mb", 10)) * 1024 * 1024) + response.body)


def billion_laughs(response, trouble):
    """XML with entities that grow tenfold, nine times over."""
    laughs = [b'<!ENTITY e0 "ha">']
    laughs += [b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 10)]
    return with_entity(response, b"\n".join([*laughs, b'<!ENTITY e "&e9;">']))


def quadratic_blowup(response, trouble):
    """XML with one long entity used very often."""
    return with_entity(response, b'<!ENTITY a "%s">\n<!ENTITY e "%s">' % (b"a" * 50_000, b"&a;" * 50_000))


def external_entity(response, trouble):
    """XML with an entity that is a file of the reader's machine (`uri`)."""
    uri = str(trouble.arg("uri", "file:///etc/hostname")).encode()
    return with_entity(response, b'<!ENTITY e SYSTEM "%s">' % uri)


def external_dtd(response, trouble):
    """XML whose document type is to be fetched (`uri`)."""
    uri = str(trouble.arg("uri", "http://elsewhere.invalid/x.dtd")).encode()
    rest = PROLOG.sub(b"", response.body) if is_xml(response) else b"<response/>"
    dtd = b'<?xml version="1.0"?>\n<!DOCTYPE %s SYSTEM "%s">\n' % (root_of(response), uri)
    return body_of(response, dtd + rest, "text/xml; charset=utf-8")


def cdata_tricks(response, trouble):
    """XML whose first text is split over CDATA sections with markup inside."""
    tricks = b"><![CDATA[<b>]]>]]&gt;<![CDATA[]]]]><![CDATA[></b>]]><"
    rest = response.body if is_xml(response) else b"<response><status>x</status></response>"
    return body_of(response, FIRST_TEXT.sub(lambda _: tricks, rest, count=1), "text/xml; charset=utf-8")


def broken_gzip(response, trouble):
    """Said to be compressed, but is not."""
    response.headers["Content-Encoding"] = "gzip"
    return body_of(response, b"\x1f\x8b\x08\x00" + response.body)


def compressed(response, trouble):
    """Properly compressed although nobody asked for it; a good client reads it."""
    response.headers["Content-Encoding"] = "gzip"
    return body_of(response, gzip.compress(response.body))


# -- answers to something else


def duplicate_of_previous(response, trouble):
    """The upstream's previous answer, whatever was asked then."""
    return trouble.memory.previous or response


def stale_answer(response, trouble):
    """What the same call of the same account answered before."""
    return trouble.memory.stale or response


def answer_of_another_call(response, trouble):
    """What another call of the same account answered before (`call`)."""
    return trouble.memory.other or trouble.memory.previous or response


def answer_of_another_account(response, trouble):
    """What the same call answered to another account; it must never be shown to this one."""
    return trouble.memory.foreign or response


def table(*functions):
    return {function.__name__: function for function in functions}


CONTENT = table(
    *(empty, html_page, wrong_content_type, no_content_type, other_format, plain_words, scalar_body, null_body),
    *(byte_order_mark, invalid_utf8, latin1, utf16, nul_bytes, control_characters),
    *(invalid_json, invalid_xml, cut_body, trailing_comma, single_quotes, two_documents, text_before, text_behind),
    *(nan, repeated_keys, deep_nesting, huge_integer, big_body, broken_gzip, compressed),
    *(billion_laughs, quadratic_blowup, external_entity, external_dtd, cdata_tricks),
)
MIXED_UP = table(duplicate_of_previous, stale_answer, answer_of_another_call, answer_of_another_account)
