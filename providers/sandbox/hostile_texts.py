"""What a stranger may have typed: markup, control characters and formulas for the free texts of an answer."""

import itertools

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "'><svg/onload=alert(3)>",
    "javascript:alert(4)",
    "</textarea><script>alert(5)</script>",
    "{{7*7}}${7*7}",
    "{% load x %}{{ request }}",
    '<a href="jav&#x09;ascript:alert(6)">x</a>',
    "<iframe srcdoc='<script>alert(7)</script>'>",
    "]]><script>alert(8)</script>",
    "<!--><img src=x onerror=alert(9)>",
    '" autofocus onfocus=alert(10) x="',
    '<math><mi//xlink:href="data:x,<script>alert(11)</script>">',
    "<style>@import'//0.0.0.0/x'</style>",
    "<body onload=alert(12)>",
    '=HYPERLINK("http://0.0.0.0","x")',
    "\u202etxt.exe",
    "a\u0000b\u0007c",
    "<details open ontoggle=alert(13)>",
    "<form action=//0.0.0.0><button>x",
]


def spoiled(value, names, args):
    """A JSON tree with every text under one of `names` replaced; `args` may bring a payload of its own."""
    payloads = itertools.cycle([args["payload"]] if args.get("payload") else PAYLOADS)
    return _spoiled(value, names, payloads)


def _spoiled(value, names, payloads):
    if isinstance(value, list):
        return [_spoiled(one, names, payloads) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: next(payloads) if name in names and isinstance(one, str) else _spoiled(one, names, payloads)
        for name, one in value.items()
    }
