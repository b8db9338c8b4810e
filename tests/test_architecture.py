"""The house rules, as checks that fail."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["providers", "accounts", "billing", "numbering", "messaging", "portal"]  # from the ground up
STEPS = ["models", "upstream", "tasks", "services", "forms", "views", "urls"]
LONGEST_MODULE = 330  # lines; the house aims at 250 and splits beyond
LONGEST_SETTINGS = 400  # one settings file, however many things there are to say
JUNK_DRAWERS = {"core", "common", "utils", "helpers", "misc"}


def modules(*packages: str) -> list[Path]:
    found = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports_of(path: Path) -> list[tuple[str, bool]]:
    """(module imported, whether inside a function) for each import of a file."""
    tree = ast.parse(path.read_text())
    inside = {id(node) for outer in ast.walk(tree) if isinstance(outer, ast.FunctionDef) for node in ast.walk(outer)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = _absolute(path, node)
            found += [(f"{module}.{alias.name}", id(node) in inside) for alias in node.names]
            found.append((module, id(node) in inside))
    return found


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module
    package = path.relative_to(ROOT).parent.parts[: len(path.relative_to(ROOT).parent.parts) - node.level + 1]
    return ".".join([*package, *filter(None, [node.module])])


ALL = modules(*FLOORS)


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_imports_run_down_the_ladder(path):
    own = FLOORS.index(path.relative_to(ROOT).parts[0])
    above = set(FLOORS[own + 1 :])
    up = {name for name, _ in imports_of(path) if name.split(".")[0] in above}
    assert not up, f"{name_of(path)} looks up at {sorted(up)}"


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_nothing_is_imported_inside_a_function(path):
    if path.name == "apps.py":
        return  # AppConfig.ready runs when models exist, which is the reason for importing there
    inside = [name for name, nested in imports_of(path) if nested]
    assert not inside, f"{name_of(path)} imports {inside} inside a function"


def test_the_clients_know_no_django_and_no_sandbox():
    for path in modules("providers/clients"):
        known = {name.split(".")[0] for name, _ in imports_of(path)}
        assert not known & {"django", "celery", *FLOORS[1:]}, name_of(path)
        assert not [name for name, _ in imports_of(path) if name.startswith("providers.sandbox")], name_of(path)


def test_the_sandbox_knows_neither_django_nor_the_clients_nor_any_package():
    for path in modules("providers/sandbox"):
        for name, _ in imports_of(path):
            assert not name.startswith("providers.") or name.startswith("providers.sandbox"), f"{name_of(path)}: {name}"
            assert name.split(".")[0] not in {"django", "requests", "celery"}, f"{name_of(path)}: {name}"


def test_only_upstream_modules_ask_for_a_client():
    """The gateway is used by the engine below and by the `upstream` step of an app."""
    for path in modules(*FLOORS[1:]):
        asks = [
            name
            for name, _ in imports_of(path)
            if name.startswith(("providers.gateway.client_for", "providers.clients.registry"))
        ]
        allowed = "upstream" in path.parts or path.stem in {"upstream", "connecting", "add_connection"}
        assert allowed or not asks, f"{name_of(path)} asks for a client: {asks}"


@pytest.mark.parametrize("app", FLOORS[1:-1])
def test_steps_inside_an_app_run_one_way(app):
    for path in modules(app):
        parts = path.relative_to(ROOT / app).with_suffix("").parts
        step = next((part for part in parts if part in STEPS), None)
        if step is None:
            continue
        later = set(STEPS[STEPS.index(step) + 1 :])
        for name, _ in imports_of(path):
            words = name.split(".")
            assert not (words[0] == app and len(words) > 1 and words[1] in later), f"{name_of(path)} imports {name}"


def test_there_is_no_junk_drawer():
    assert not [name_of(path) for path in ALL if set(path.with_suffix("").parts) & JUNK_DRAWERS]


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_modules_stay_readable(path):
    longest = LONGEST_SETTINGS if path.name == "settings.py" else LONGEST_MODULE
    assert len(path.read_text().splitlines()) <= longest


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_every_module_says_what_it_is_for(path):
    text = path.read_text()
    if not text.strip() or path.name in {"apps.py", "urls.py"}:
        return
    assert ast.get_docstring(ast.parse(text)), name_of(path)


@pytest.mark.parametrize("path", ALL, ids=name_of)
def test_forms_name_their_fields(path):
    """Mass assignment: no form takes whatever the model has."""
    assert not re.search(r"""fields\s*=\s*["']__all__""", path.read_text()), name_of(path)


def test_no_money_is_a_float():
    """A float in a model, form or task of money is a rounding error waiting."""
    for path in modules("billing"):
        calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
        assert not [call for call in calls if getattr(call.func, "id", "") == "float"], name_of(path)
        assert "FloatField" not in path.read_text()


def test_templates_hold_no_inline_script_style_or_handler():
    """The content policy would refuse them; better to know before the browser does."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text().lower()
        for bad in (" style=", "<style", "onclick=", "onload=", "onsubmit=", "hx-on", "js:", "javascript:"):
            assert bad not in text, f"{name_of(path)} has {bad}"
        assert "<script>" not in text, name_of(path)


def test_the_product_knows_nothing_beside_itself():
    """Neither the folder beside the project nor a path of one machine is named anywhere in it."""
    marks = ("/".join(["..", "shared"]), "/".join(["", "work", ""]))
    for path in [*ALL, *ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *(ROOT / "templates").rglob("*.html")]:
        assert not [mark for mark in marks if mark in path.read_text()], name_of(path)
