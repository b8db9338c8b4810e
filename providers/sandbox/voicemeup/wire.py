"""One tree of elements, written as XML, and as JSON by the rules of the reader the upstream seems to use."""

import json
import re

# Texts that people write; XML has them as CDATA with a blank before the end that is not part of the value.
FREE_TEXT = {
    "message",
    "friendly_name",
    "comments",
    "organization",
    "description",
    "street",
    "city",
    "full_name",
    "title",
    "rejection_reason",
    "client_instructions",
    "raw_metadata",
    "sms_autoreply_message",
    "callerid_name_rewrite",
    "current_provider",
    "current_reseller",
    "current_reseller_account",
    "current_owner",
    "callerid_name",
    "district",
    "recording_notify_recipient_name",
    "first_name",
    "last_name",
    "custom_id",
    "address_type_number",
    "contact_name",
    "notify_name",
    "autoreply_message",
    "name_from",
    "sort_word",
    "sub_word",
    "device_name",
    "fax_header",
    "local_ident",
    "text",
    "issue",
}
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class E:
    """An element: a name, attributes, and either text or children."""

    __slots__ = ("name", "attrs", "text", "children", "free")

    def __init__(self, name, content="", attrs=None, free=None):
        self.name, self.attrs = name, attrs or {}
        self.children = content if isinstance(content, list) else []
        self.text = "" if isinstance(content, list) else as_text(content)
        self.free = name in FREE_TEXT if free is None else free


def as_text(value):
    if value is None:
        return ""
    if value is True or value is False:
        return "1" if value else "0"
    if isinstance(value, (tuple, set, frozenset)):
        return ",".join(str(one) for one in value)
    return str(value)


def fields(values):
    """A list of elements from a dict; lists inside become comma lists."""
    return [E(name, tuple(v) if isinstance(v, list) else v) for name, v in values.items() if not isinstance(v, E)] + [
        v for v in values.values() if isinstance(v, E)
    ]


def row(name, id_field, values):
    """A `thing_details` element, carrying its id as an attribute too."""
    return E(name, fields(values), {id_field: as_text(values.get(id_field))})


def envelope(status, messages, body=()):
    shown = [E("message", text, {"code": code}, free=False) for code, text in messages]
    details = [E("response_status", status), E("response_messages", shown)]
    return E("response", [E("response_details", details), *body])


# -- XML


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cdata(text):
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + " ]]>"


def write(element, out):
    attrs = "".join(f' {k}="{escaped(as_text(v)).replace(chr(34), "&quot;")}"' for k, v in element.attrs.items())
    if element.children:
        out.append(f"<{element.name}{attrs}>")
        for child in element.children:
            write(child, out)
        out.append(f"</{element.name}>")
    elif element.text == "":
        out.append(f"<{element.name}{attrs}/>")
    else:
        text = NOT_XML.sub("", element.text)
        shown = cdata(text) if element.free else escaped(text)
        out.append(f"<{element.name}{attrs}>{shown}</{element.name}>")


def to_xml(root):
    out = ['<?xml version="1.0" encoding="utf-8"?>\n']
    write(root, out)
    return "".join(out).encode("utf-8", "replace")


# -- JSON


def plain(element):
    if not element.children:
        text = element.text.strip()
        if not element.attrs:
            return text
        return {**element.attrs, "_content": text} if text else dict(element.attrs)
    found, lists = dict(element.attrs), set()
    for child in element.children:
        value = plain(child)
        if child.name not in found or (child.name in element.attrs and found[child.name] == value):
            found[child.name] = value
        elif child.name in lists:
            found[child.name].append(value)
        else:
            found[child.name] = [found[child.name], value]
            lists.add(child.name)
    return found


def to_json(root, single_message="object"):
    tree = plain(root)
    messages = tree["response_details"]["response_messages"]
    if single_message == "list" and isinstance(messages, dict) and isinstance(messages["message"], dict):
        messages["message"] = [messages["message"]]
    return json.dumps(tree).encode()


CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json"}


def render(root, output, single_message="object"):
    return to_json(root, single_message) if output == "json" else to_xml(root)
