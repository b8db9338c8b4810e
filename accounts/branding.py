"""A brand's colours: one hue and one chroma give every accent, each light or dark enough to be read.

The colours are reckoned here, not in the browser, because "readable" is a promise: a yellow that cannot carry white
text is darkened until it can, and a chroma that a screen cannot show is lowered until it can. Formulas: CSS Color 4
(oklch to sRGB), WCAG 2.2 (relative luminance, contrast).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin

TEXT = 4.6  # AA asks for 4.5; browsers round
DARKEST = 0.20


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour in oklch that sRGB can show."""

    lightness: float
    chroma: float
    hue: float

    def css(self) -> str:
        return f"oklch({self.lightness * 100:.1f}% {self.chroma:.4f} {self.hue:g})"


def to_linear(colour: Colour) -> tuple[float, float, float]:
    """Linear sRGB; outside 0..1 where a screen cannot show it."""
    a, b = colour.chroma * cos(radians(colour.hue)), colour.chroma * sin(radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def luminance(colour: Colour) -> float:
    red, green, blue = (min(1.0, max(0.0, part)) for part in to_linear(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG contrast, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def shown(lightness: float, chroma: float, hue: float) -> Colour:
    """The colour, with as much of the chroma as a screen can show."""
    while chroma > 0 and not _fits(Colour(lightness, chroma, hue)):
        chroma = max(0.0, chroma - 0.004)
    return Colour(lightness, chroma, hue)


def _fits(colour: Colour) -> bool:
    return all(-0.0005 <= part <= 1.0005 for part in to_linear(colour))


PAPER = Colour(1.0, 0.0, 0.0)
# The surfaces that accents stand on, as in static/portal.css (tests compare): of each theme, the hardest to write on.
LIGHT_DEEPEST = Colour(0.94, 0.006, 255)
DARK_PALEST = Colour(0.285, 0.012, 255)


@dataclass(frozen=True, slots=True)
class Accents:
    """What is derived for one theme."""

    fill: Colour  # buttons, own bubbles; `on_fill` is written on it
    fill_hover: Colour
    on_fill: Colour
    text: Colour  # links and the chosen entry, on any surface and on `soft`
    soft: Colour  # behind the chosen entry
    line: Colour


@lru_cache(maxsize=256)
def accents(hue: int, chroma: int) -> tuple[Accents, Accents]:
    """For the light theme and for the dark one."""
    hue, strength = hue % 360, min(25, max(0, chroma)) / 100
    fill = _darkest_needed(hue, strength, against=PAPER, start=0.55)
    hover = shown(fill.lightness - 0.05, strength, hue)
    soft_light, soft_dark = shown(0.955, strength * 0.18, hue), shown(0.30, strength * 0.30, hue)
    light = Accents(
        fill, hover, PAPER,
        text=_darkest_needed(hue, strength, against=min(soft_light, LIGHT_DEEPEST, key=luminance), start=0.50),
        soft=soft_light,
        line=shown(0.86, strength * 0.45, hue),
    )  # fmt: skip
    dark = Accents(
        fill, hover, PAPER,
        text=_lightest_needed(hue, strength * 0.85, against=max(soft_dark, DARK_PALEST, key=luminance), start=0.74),
        soft=soft_dark,
        line=shown(0.42, strength * 0.5, hue),
    )  # fmt: skip
    return light, dark


def _darkest_needed(hue: float, chroma: float, *, against: Colour, start: float) -> Colour:
    """From `start` on darker, until text can be read."""
    lightness = start
    while contrast(shown(lightness, chroma, hue), against) < TEXT and lightness > DARKEST:
        lightness -= 0.01
    return shown(lightness, chroma, hue)


def _lightest_needed(hue: float, chroma: float, *, against: Colour, start: float) -> Colour:
    lightness = start
    while contrast(shown(lightness, chroma, hue), against) < TEXT and lightness < 0.98:
        lightness += 0.01
    return shown(lightness, chroma, hue)


@lru_cache(maxsize=256)
def brand_css(hue: int, chroma: int) -> str:
    """The stylesheet of a brand: tokens only, so that it can neither break nor dress up a page."""
    light, dark = accents(hue, chroma)
    names = {"accent": "fill", "accent-hover": "fill_hover", "on-accent": "on_fill"}
    names |= {"accent-text": "text", "accent-tint": "soft", "accent-line": "line"}
    lines = [f"--brand-hue: {hue % 360};"]
    for token, name in names.items():
        lines.append(f"--{token}: light-dark({getattr(light, name).css()}, {getattr(dark, name).css()});")
    return ":root {\n  " + "\n  ".join(lines) + "\n}\n"
