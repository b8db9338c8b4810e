"""What the schema faults make of single values; each takes the value and the trouble."""

import datetime
import re
import unicodedata

DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:([ T])(\d{2}):(\d{2})(?::(\d{2}))?)?((?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)")
AMOUNT = re.compile(r"-?[\d,]+\.\d{2,4}( CR)?")
PHONE = re.compile(r"\+?1?([2-9]\d{9})")
INTEGER = re.compile(r"-?\d{1,18}")


def swapped(value, trouble):
    if isinstance(value, bool):
        return trouble.dice.choice(["1" if value else "0", "yes" if value else "no", int(value)])
    if isinstance(value, (int, float)):
        return str(value)
    if value is None:
        return ""
    if INTEGER.fullmatch(value):
        return int(value)
    return trouble.dice.choice([True, 1, 0.5])


def like(value, new):
    """A number stays a number, a text a text."""
    return str(new) if isinstance(value, str) else new


def zeros(value, trouble):
    return re.sub(r"\d", "0", value)


def shifted(value, trouble):
    """By `hours`; a day alone moves by whole days."""
    found = DATE.fullmatch(value)
    year, month, day, gap, hour, minute, second, rest = found.groups()
    try:
        moment = datetime.datetime(*(int(part or 0) for part in (year, month, day, hour, minute, second)))
        moved = moment + datetime.timedelta(hours=float(trouble.arg("hours", 4)))
    except (ValueError, OverflowError):
        return value
    form = "%Y-%m-%d" + (f"{gap}%H:%M" if gap else "") + (":%S" if second else "")
    return moved.strftime(form) + rest


def future(value, trouble):
    return "2999" + value[4:]


def impossible(value, trouble):
    return value[:5] + "02-30" + value[10:]


def credited(value, trouble):
    return str(value).removesuffix(" CR") + "CR"


def phone_form(value, trouble):
    """Another way of writing a North American number (`form`: 10, 11, e164, dashes)."""
    digits = PHONE.fullmatch(value)[1]
    forms = {
        "10": digits,
        "11": "1" + digits,
        "e164": "+1" + digits,
        "dashes": f"{digits[:3]}-{digits[3:6]}-{digits[6:]}",
    }
    wanted = str(trouble.arg("form", ""))
    return forms.get(wanted) or next(form for form in forms.values() if form != value)


def altered(value, trouble):
    """As some log keeps a text: no accents, no blanks around, capitals (`how`: ascii, trim, upper, cut)."""
    how = trouble.arg("how", "ascii")
    if how == "upper":
        return value.upper()
    if how == "trim":
        return " ".join(value.split())
    if how == "cut":
        return value[: max(1, len(value) // 2)]
    return unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
