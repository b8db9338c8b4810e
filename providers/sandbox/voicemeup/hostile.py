"""Puts markup and control characters into the free texts of an answer: are they shown as mere text?"""

import itertools

from ..hostile_texts import PAYLOADS


def hostile(elements, args):
    payloads = itertools.cycle([args["payload"]] if args.get("payload") else PAYLOADS)
    for element in elements:
        spoil(element, payloads)


def spoil(element, payloads):
    if element.free and not element.children:
        element.text = next(payloads)
    for child in element.children:
        spoil(child, payloads)
