"""Faults in the meaning of well-formed answers: fields gone, of another type, out of range, rows twice.

Each changes one place that it fits, chosen by chance; `key` (a pattern for names) chooses among them, and `all` takes
every one. What has no fitting place, and what is no JSON or XML, goes out as it is.
"""

import copy
import re

from . import odd_values, trees
from .odd_values import AMOUNT, DATE, INTEGER, PHONE, like
from .trees import Element, Place

ID = re.compile(r"(^|[_@])(id|uuid|hash|number)$|[a-z]I[dD]$|^id$", re.I)
WORD = re.compile(r"[A-Za-z][A-Za-z_-]{1,30}")
WORDY = re.compile(r"status|state|type|direction|result|option|kind|mode|role|level", re.I)


def apply(response, trouble):
    """The answer with its tree changed as the rule says."""
    tree = trees.parsed(response)
    if isinstance(tree, (dict, list)) and tree:
        holder = [tree]
        SCHEMA[trouble.name](holder, trouble)
        response.body = trees.written(holder[0])
    return response


# -- choosing places


def chosen(found, trouble):
    """Those of the fitting places that the rule means."""
    wanted = re.compile(trouble.arg("key", ""))
    found = [(name, place) for name, place in found if wanted.search(str(name))]
    if not found or trouble.arg("all"):
        return [place for _, place in found]
    return [trouble.dice.choice(found)[1]]


def fields(holder, fits=lambda name, value: True):
    return [(name, place) for name, place in trees.field_places(holder[0]) if fits(name, place.value)]


def keys(holder):
    """Every name in every object."""
    return [(place.key, place) for place in trees.places(holder) if isinstance(place.holder, dict)]


def lists(holder):
    """Lists with rows in them; the root counts when it is one."""
    found = fields(holder, lambda name, value: isinstance(value, list) and value)
    if isinstance(holder[0], Element):
        found = [(name, place) for name, place in found if any(isinstance(one, dict) for one in place.value)]
    return found + ([("", Place(holder, 0))] if isinstance(holder[0], list) and holder[0] else [])


def texts(holder, pattern):
    return fields(holder, lambda name, value: isinstance(value, str) and pattern.fullmatch(value))


def put(found, trouble, change):
    for place in chosen(found, trouble):
        place.value = change(place.value)


def putting(fits, change):
    """A fault that replaces fitting values by what `change` makes of them."""

    def fault(holder, trouble):
        put(fits(holder), trouble, lambda value: change(value, trouble))

    return fault


def scalar(name, value):
    return not isinstance(value, (dict, list))


# -- keys


def missing_key(holder, trouble):
    """A field is not there."""
    for place in chosen(keys(holder), trouble):
        place.remove()


def extra_key(holder, trouble):
    """A field that no document has, in every object."""
    objects = [place.value for place in trees.places(holder) if isinstance(place.value, dict)]
    for one in objects:
        one["unheard_of"] = [{"depth": "1"}]


def renamed_key(holder, trouble):
    """A field under a misspelt name."""
    for place in chosen(keys(holder), trouble):
        name = place.key
        place.holder[name[:-2] + name[-2:][::-1] + "m"] = place.holder.pop(name)


def other_case_key(holder, trouble):
    """A field whose name begins with the other case."""
    for place in chosen(keys(holder), trouble):
        place.holder[place.key[:1].swapcase() + place.key[1:]] = place.holder.pop(place.key)


# -- kinds of values


def item_for_list(holder, trouble):
    """A list of rows is its first row alone."""
    put(lists(holder), trouble, lambda rows: rows[0])


def list_for_item(holder, trouble):
    """An object stands in a list."""
    put(fields(holder, lambda name, value: isinstance(value, dict)), trouble, lambda value: [value])


def list_for_scalar(holder, trouble):
    """A simple value stands in a list, twice."""
    put(fields(holder, scalar), trouble, lambda value: [value, value])


def object_for_scalar(holder, trouble):
    """An object where a simple value belongs."""
    put(fields(holder, scalar), trouble, lambda value: {"value": value})


def text_for_object(holder, trouble):
    """A text where an object or a list belongs."""
    put(fields(holder, lambda name, value: not scalar(name, value)), trouble, lambda value: "n/a")


def empty_text(holder, trouble):
    """An empty text where there was a value."""
    put(fields(holder, scalar), trouble, lambda value: "")


def long_text(holder, trouble):
    """A text of a hundred thousand letters (`length`)."""
    put(fields(holder, scalar), trouble, lambda value: "é" * int(trouble.arg("length", 100_000)))


# -- words and ranges


def wordy(holder):
    found = texts(holder, WORD)
    return [(name, place) for name, place in found if WORDY.search(str(name))] or found


def ids(holder):
    def fits(name, value):
        return ID.search(str(name)) and scalar(name, value) and INTEGER.fullmatch(str(value)) is not None

    return fields(holder, fits)


def reused_ids(holder, trouble):
    """Every id of a name is the first one's."""
    first = {}
    for name, place in ids(holder):
        place.value = first.setdefault(name, place.value)


def dates(holder):
    return texts(holder, DATE)


def amounts(holder):
    """Amounts of money, be they texts or numbers with a point."""
    return fields(holder, lambda name, value: isinstance(value, float)) + texts(holder, AMOUNT)


def moments(holder):
    """Dates with a time of day, if there are any."""
    found = dates(holder)
    return [(name, place) for name, place in found if len(place.value) > len("2026-01-01")] or found


def sentences(holder):
    return fields(holder, lambda name, value: isinstance(value, str) and (" " in value or not value.isascii()))


# -- rows


def empty_list(holder, trouble):
    """A list of rows is empty."""
    put(lists(holder), trouble, lambda rows: [])


def duplicate_rows(holder, trouble):
    """Rows come twice."""
    put(lists(holder), trouble, lambda rows: [*rows, *copy.deepcopy(rows[: int(trouble.arg("rows", 1))])])


def missing_row(holder, trouble):
    """The first row of a list is gone, as when rows move while pages are read."""
    put(lists(holder), trouble, lambda rows: rows[1:])


def shuffled_rows(holder, trouble):
    """Rows in another order."""
    put(lists(holder), trouble, lambda rows: trouble.dice.sample(rows, len(rows)))


def reversed_rows(holder, trouble):
    """Rows backwards."""
    put(lists(holder), trouble, lambda rows: rows[::-1])


def null_row(holder, trouble):
    """A row that is null."""
    put(lists(holder), trouble, lambda rows: [None, *rows])


def strange_row(holder, trouble):
    """A row that is a text."""
    put(lists(holder), trouble, lambda rows: [*rows, "end of list"])


CHANGES = {
    "null_value": (lambda h: fields(h, lambda name, value: value), lambda v, t: None, "A value is null."),
    "swapped_type": (
        lambda h: fields(h, scalar),
        odd_values.swapped,
        "A number is a text, a text of digits a number, a truth a word.",
    ),
    "unknown_word": (wordy, lambda v, t: t.arg("word", "teleported"), "A word of an enumeration that nobody knows."),
    "other_case": (wordy, lambda v, t: v.swapcase(), "A word of an enumeration in the other case."),
    "negative_id": (ids, lambda v, t: like(v, -1), "An id below zero."),
    "zero_id": (ids, lambda v, t: like(v, 0), "An id of zero."),
    "huge_id": (ids, lambda v, t: like(v, 2**63 + 7), "An id beyond 64 bits."),
    "text_id": (ids, lambda v, t: "abc-" + str(v), "An id with letters."),
    "zero_date": (dates, odd_values.zeros, "A date of zeros."),
    "shifted_date": (moments, odd_values.shifted, "A date in another time zone (`hours`)."),
    "future_date": (dates, odd_values.future, "A date in the year 2999."),
    "impossible_date": (dates, odd_values.impossible, "The thirtieth of February."),
    "wordy_date": (dates, lambda v, t: "yesterday", "A date that is a word."),
    "odd_amount": (amounts, odd_values.credited, "An amount with CR behind it, without a blank."),
    "wordy_amount": (amounts, lambda v, t: "N/A", "An amount that is a word."),
    "phone_form": (lambda h: texts(h, PHONE), odd_values.phone_form, "A number written in another way (`form`)."),
    "text_altered": (
        sentences,
        odd_values.altered,
        "A text as a careless log keeps it (`how`: ascii, trim, upper, cut).",
    ),
}
PLAIN = (
    *(missing_key, extra_key, renamed_key, other_case_key),
    *(item_for_list, list_for_item, list_for_scalar, object_for_scalar, text_for_object, empty_text, long_text),
    *(reused_ids, empty_list, duplicate_rows, missing_row, shuffled_rows, reversed_rows, null_row, strange_row),
)
SCHEMA = {name: putting(fits, change) for name, (fits, change, _) in CHANGES.items()}
SCHEMA |= {function.__name__: function for function in PLAIN}
SAYS = {name: words for name, (_, _, words) in CHANGES.items()}
SAYS |= {function.__name__: function.__doc__ for function in PLAIN}
