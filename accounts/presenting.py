"""How money, phone numbers, times and freshness are written, in the language of the page.

Made for rows: called fifty times a page, so plain string work, no template filters and no locale files.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import phonenumbers
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

NBSP, MINUS = "\u00a0", "\u2212"
SIGNS = {"CAD": "$", "USD": "$", "EUR": "€", "GBP": "£"}
MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
NORTH_AMERICA = frozenset({"CA", "US"})


def _french() -> bool:
    return (get_language() or "en").startswith("fr")


def number(value: int | Decimal, decimals: int = 0) -> str:
    """1234.5 as "1,234.50" or "1 234,50", with a real minus sign."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    text = f"{abs(rounded):,.{decimals}f}"
    if _french():
        text = text.replace(",", NBSP).replace(".", ",")
    return f"{MINUS}{text}" if rounded < 0 else text


def money(amount: Decimal | None, currency: str, *, show_currency: bool = True, decimals: int = 2) -> str:
    """ "$1,234.56 CAD" or "1 234,56 $ CAD"; the currency may be left out where only one can be meant."""
    if amount is None:
        return ""
    sign = SIGNS.get(currency, "")
    text = number(amount, decimals)
    if sign:
        text = f"{text}{NBSP}{sign}" if _french() else _signed(sign, text)
    return f"{text}{NBSP}{currency}" if show_currency or not sign else text


def _signed(sign: str, text: str) -> str:
    """The minus stands before the dollar: "−$12.50"."""
    return f"{MINUS}{sign}{text[1:]}" if text.startswith(MINUS) else f"{sign}{text}"


def phone(e164: str | None, home: str = "CA") -> str:
    """A number as people of `home` write it ("514 555-0134"); other countries' with their code. Never raises."""
    if not e164:
        return ""
    if home in NORTH_AMERICA and len(e164) == 12 and e164.startswith("+1") and e164[1:].isdecimal():
        return f"{e164[2:5]}{NBSP}{e164[5:8]}-{e164[8:]}"
    if not e164.startswith("+"):  # a short code, or a name that a carrier sent in place of a number
        return e164
    try:
        parsed = phonenumbers.parse(e164, home)
    except phonenumbers.NumberParseException:
        return e164
    is_home = phonenumbers.region_code_for_number(parsed) == home
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style).replace(" ", NBSP)


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long ago: "just now", "4 min ago", "3 h ago", "5 days ago"."""
    if moment is None:
        return _("never")
    seconds = int(((now or timezone.now()) - moment).total_seconds())
    if seconds < 45:
        return _("just now")
    if seconds < 3600:
        return _("%(count)s min ago") % {"count": max(1, seconds // 60)}
    if seconds < 86_400:
        return _("%(count)s h ago") % {"count": seconds // 3600}
    days = seconds // 86_400
    return _("1 day ago") if days == 1 else _("%(count)s days ago") % {"count": days}


def day(value: date | None) -> str:
    """ "Mar 3" this year, "Mar 3, 2025" in another; "3 mars 2025" in French."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    year = value.year if value.year != timezone.localdate().year else None
    if _french():
        first = "1er" if value.day == 1 else str(value.day)
        return f"{first}{NBSP}{MONTHS['fr'][value.month - 1]}" + (f"{NBSP}{year}" if year else "")
    return f"{MONTHS['en'][value.month - 1]}{NBSP}{value.day}" + (f", {year}" if year else "")


def clock(moment: datetime) -> str:
    """ "14:02" or "14 h 02" in the current time zone."""
    local = timezone.localtime(moment)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}" if _french() else f"{local.hour:02d}:{local.minute:02d}"


def when(moment: datetime | None) -> str:
    """ "14:02" today, "yesterday 14:02", "Mar 3, 14:02", "Mar 3, 2025, 14:02"."""
    if moment is None:
        return ""
    local, today = timezone.localtime(moment).date(), timezone.localdate()
    if local == today:
        return clock(moment)
    if local == today - timedelta(days=1):
        return _("yesterday %(time)s") % {"time": clock(moment)}
    return f"{day(local)}, {clock(moment)}"


def listed(words: list[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


@dataclass(frozen=True, slots=True)
class Fresh:
    """How fresh something is, in words; `title` has the exact time."""

    text: str
    title: str
    stale: bool = False


def fresh(source_label: str, moment: datetime | None, *, late_after: timedelta | None = None) -> Fresh:
    """ "from VoiceMeUp, 4 min ago", or "stale: from VoiceMeUp, 3 h ago" when older than `late_after`."""
    if moment is None:
        return Fresh(_("not read from %(source)s yet") % {"source": source_label}, "", stale=True)
    stale = bool(late_after and timezone.now() - moment > late_after)
    text = _("stale: from %(source)s, %(ago)s") if stale else _("from %(source)s, %(ago)s")
    return Fresh(text % {"source": source_label, "ago": ago(moment)}, when(moment), stale)


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device(user_agent: str) -> str:
    """ "Firefox on Windows", for a person who wonders which of their devices this is."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


# --- words of others ------------------------------------------------------------------------------------------------

_FRENCH = re.compile(
    r"[àâçéèêëîïôùûœ]|\b(le|la|les|des|du|une?|est|sont|et|ou|pas|nom|votre|numéro|pour|avec|dans|sur|ne|au)\b"
)
_ENGLISH = re.compile(
    r"\b(the|an?|is|are|of|and|or|not|does|name|your|number|for|with|in|on|to|was|has|no|please|account|address)\b"
)


def spoken(text: str) -> str:
    """The language that words of an upstream or a carrier are most likely in, for whoever reads them aloud."""
    text = text.casefold()
    return "fr" if len(_FRENCH.findall(text)) > len(_ENGLISH.findall(text)) else "en"


def percent(value: int) -> str:
    """75% or 75 %."""
    return f"{value}{NBSP}%" if _french() else f"{value}%"


def colon() -> str:
    """What stands between a name and its value; French sets it apart."""
    return f"{NBSP}: " if _french() else ": "
