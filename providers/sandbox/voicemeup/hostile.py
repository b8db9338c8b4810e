"""Puts markup and control characters into the free texts of an answer: are they shown as mere text?"""

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


def hostile(elements, args):
    payloads = itertools.cycle([args["payload"]] if args.get("payload") else PAYLOADS)
    for element in elements:
        spoil(element, payloads)


def spoil(element, payloads):
    if element.free and not element.children:
        element.text = next(payloads)
    for child in element.children:
        spoil(child, payloads)
