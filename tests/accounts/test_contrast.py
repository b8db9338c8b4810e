"""Every text can be read: WCAG AA, both themes, every brand (LOOK, "Tokens")."""

import re
from pathlib import Path

import pytest

from accounts.branding import DARK_PALEST, LIGHT_DEEPEST, Colour, accents, brand_css, contrast, luminance, to_linear

CSS = (Path(__file__).resolve().parents[2] / "static" / "portal.css").read_text()
LAYER = CSS.split("@layer tokens {")[1].split("@layer base")[0]
COLOUR = r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+|var\(--brand-hue\))\)"
TOKEN = re.compile(rf"--([\w-]+): light-dark\({COLOUR}, {COLOUR}\);")
TONES = ("fine", "working", "waiting", "held", "failed", "unknown", "stale")
SURFACES = ("page", "surface", "raised", "sunken", "hover", "pressed")
HUES = range(0, 361, 15)
AA, AA_SHAPES = 4.5, 3.0


def tokens(hue: int) -> list[dict[str, Colour]]:
    """The tokens of the light theme and of the dark one, with the brand's hue put in."""
    themes = ({}, {})
    for name, *parts in TOKEN.findall(LAYER):
        for theme, (lightness, chroma, angle) in zip(themes, (parts[:3], parts[3:]), strict=True):
            theme[name] = Colour(float(lightness) / 100, float(chroma), hue if "var" in angle else float(angle))
    return list(themes)


def pairs(theme: dict[str, Colour]):
    """What is written on what, and how much contrast that needs."""
    for surface in SURFACES:
        yield "ink", surface, AA
        yield "ink-soft", surface, AA
    for tone in TONES:
        yield tone, f"{tone}-tint", AA
        yield "ink", f"{tone}-tint", AA
        for surface in ("page", "surface", "raised", "sunken", "hover"):
            yield tone, surface, AA
    yield "failed", "surface", AA
    for surface in ("page", "surface", "raised"):
        yield "line-strong", surface, AA_SHAPES
    yield "ink", "marked", AA
    yield "ink", "accent-tint", AA
    yield "ink-soft", "accent-tint", AA


@pytest.mark.parametrize("hue", HUES)
def test_tokens_are_readable_whatever_the_brands_hue(hue):
    for name, theme in zip(("light", "dark"), tokens(hue), strict=True):
        for text, ground, needed in pairs(theme):
            found = contrast(theme[text], theme[ground])
            assert found >= needed, f"{name}: {text} on {ground} has {found:.2f}"


def test_white_on_danger_is_readable():
    for theme in tokens(0):
        assert contrast(Colour(1, 0, 0), theme["danger"]) >= AA


def test_screens_can_show_every_token():
    for theme in tokens(255):
        for name, colour in theme.items():
            assert all(-0.001 <= part <= 1.001 for part in to_linear(colour)), name


@pytest.mark.parametrize("hue", range(0, 361, 5))
def test_every_brand_is_readable(hue):
    grounds = tokens(hue)
    for chroma in range(26):
        for accent, ground in zip(accents(hue, chroma), grounds, strict=True):
            assert contrast(accent.on_fill, accent.fill) >= AA
            assert contrast(accent.on_fill, accent.fill_hover) >= AA
            assert contrast(accent.text, accent.soft) >= AA
            assert contrast(ground["ink"], accent.soft) >= AA
            assert contrast(ground["ink-soft"], accent.soft) >= AA
            for surface in SURFACES:
                assert contrast(accent.text, ground[surface]) >= AA, (chroma, surface)


def test_the_hardest_surfaces_are_those_that_brands_are_reckoned_for():
    light, dark = tokens(255)
    assert luminance(LIGHT_DEEPEST) <= min(luminance(light[name]) for name in SURFACES)
    assert luminance(DARK_PALEST) >= max(luminance(dark[name]) for name in SURFACES)


def test_the_stylesheet_starts_with_the_colours_of_the_portals_own_brand():
    for line in brand_css(255, 15).splitlines():
        if line.strip().startswith("--accent") or line.strip().startswith("--on-accent"):
            assert line.strip() in CSS


def test_a_brands_stylesheet_holds_tokens_and_nothing_else():
    lines = brand_css(400, 99).splitlines()
    assert lines[0] == ":root {" and lines[-1] == "}"
    assert all(re.fullmatch(r"  --[\w-]+: [\w(),.% -]+;", line) for line in lines[1:-1])
    assert "--brand-hue: 40;" in lines[1]
