"""What axe-core finds on an open page, in words that tell where."""

from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# A colour on its way from one theme to the other is neither's.
SETTLED = """() => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    .then(() => Promise.allSettled(document.getAnimations().map(one => one.finished)))"""


@cache
def _source() -> str:
    return next(Path(axe_playwright_python.__file__).parent.glob("axe.min.js")).read_text()


def findings(page: Page, *, only: str = "") -> list[str]:
    """The violations of the page as it stands now; of one rule alone where `only` names it."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    run = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": RULES}
    options = {"runOnly": run, "resultTypes": ["violations"]}
    page.evaluate(SETTLED)
    found = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
    return [_told(violation) for violation in found]


def _told(violation: dict) -> str:
    places = [f"{' '.join(map(str, node['target']))}: {node['html'][:160]}" for node in violation["nodes"][:3]]
    why = violation["nodes"][0]["failureSummary"].splitlines()[-1].strip()
    return (
        f"{violation['id']} ({violation['impact']}): {violation['help']}; {len(violation['nodes'])}x, {why}\n    "
        + "\n    ".join(places)
    )
