"""Template tags of the look: icons, states, freshness, fields, and links that keep the filter."""

from functools import lru_cache

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from heroicons import IconDoesNotExist
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_outline

from accounts import presenting
from accounts.states import ICONS, Tone

register = template.Library()


@lru_cache(maxsize=512)
def _svg(name: str, size: int) -> SafeString:
    """Drawn once per process. A small one has a stronger line, so that it does not fade beside its word."""
    return _drawn(heroicon_outline, name, size, stroke_width=2 if size <= 16 else 1.5)


@lru_cache(maxsize=64)
def _solid(name: str) -> SafeString:
    """The filled 16 px kind, for states: a spot of colour that is seen before it is read."""
    return _drawn(heroicon_micro, name, 16)


def _drawn(draw, name: str, size: int, **attrs) -> SafeString:
    try:
        return mark_safe(draw(name, size=size, **attrs, **{"class": "icon", "aria-hidden": "true"}))  # noqa: S308 - no input
    except IconDoesNotExist:
        raise template.TemplateSyntaxError(f"there is no icon {name}") from None


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """An icon, hidden from screen readers: the word beside it says the same."""
    return _svg(name, size)


@register.simple_tag
def tone_icon(tone: str, size: int = 20) -> SafeString:
    """The icon of a tone, for banners and notices."""
    return _svg(ICONS[Tone(tone)], size)


@register.simple_tag
def state(value) -> SafeString:
    """A State as a pill: icon, word and colour together."""
    if not value:
        return mark_safe("")
    return format_html('<span class="{}">{}<span>{}</span></span>', value.css, _solid(value.icon), value.word)


@register.simple_tag
def fresh(value) -> SafeString:
    """How fresh something is, in words, with the exact time one hover away."""
    if not value:
        return mark_safe("")
    if value.stale:
        clock = _solid("clock")
        return format_html('<span class="fresh stale" title="{}">{}{}</span>', value.title, clock, value.text)
    return format_html('<span class="fresh" title="{}">{}</span>', value.title, value.text)


@register.simple_tag
def theirs(text: str) -> SafeString | str:
    """Words of an upstream or a carrier, which are shown as they came: in another language than the page's, they say so."""
    language = presenting.spoken(text)
    return text if language == get_language() else format_html('<span lang="{}">{}</span>', language, text)


@register.simple_tag
def colon() -> str:
    """Between a name and its value, where the two are no sentence of the catalogue."""
    return presenting.colon()


@register.inclusion_tag("_field.html")
def field(bound: BoundField, label: str = "", hint: str | None = None, css: str = "") -> dict:
    """A labelled field, its help and error tied to it for screen readers. `hint=""` leaves the field's own help out.

    A page that gives the label has the last word: a library's placeholder that says the same in other words goes.
    """
    hint = bound.help_text if hint is None else hint
    kind = getattr(bound.field.widget, "input_type", "") or "text"
    several = bound.use_fieldset
    described = [f"{bound.auto_id}_helptext"] if hint else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    attrs = {"aria-describedby": " ".join(described)} if described and not several else {}
    attrs |= {"placeholder": False} if label else {}
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "hint": hint,
        "kind": kind,
        "several": several,
        "described": " ".join(described) if several else "",
        "is_check": kind == "checkbox" and not several,
        "css": css,
    }


@register.simple_tag(takes_context=True)
def href_with(context, **changes) -> str:
    """This page with some query values changed; an empty one is taken away. A new filter starts at the first page."""
    request = context["request"]
    query = request.GET.copy()
    for position in ("after", "before"):
        query.pop(position, None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


register.filter("phone", presenting.phone)
register.filter("ago", presenting.ago)
register.filter("when", presenting.when)
register.filter("day", presenting.day)
register.filter("number", presenting.number)
register.filter("percent", presenting.percent)
register.filter("device", presenting.device)


@register.filter
def money(amount, currency: str) -> str:
    return presenting.money(amount, currency)


@register.filter
def may(standing, permission: str) -> bool:
    """Whether a person's standing allows something: `request.standing|may:"read_audit"`."""
    return bool(standing) and standing.may(permission)
