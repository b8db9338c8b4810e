"""Tags, fields, states, and the rules of the browser that templates and assets must keep (RELIABILITY B.1, 27)."""

import gzip
import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import escape

from accounts.presenting import Fresh
from accounts.roles import Role
from accounts.states import ICONS, Tone, state
from tests.factories import MembershipFactory

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PASSWORD = "a-long-enough-password"
BUDGET = 150 * 1024  # compressed, first visit


def drawn(source: str, **context) -> str:
    return Template(source).render(Context(context))


class Form(forms.Form):
    name = forms.CharField(help_text="As on the bill")
    note = forms.CharField(required=False, widget=forms.Textarea)
    agreed = forms.BooleanField()
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    intent = forms.CharField(widget=forms.HiddenInput)


# --- states, icons, freshness -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", Tone)
def test_a_state_is_a_word_an_icon_and_a_colour(tone):
    html = drawn("{% state s %}", s=state(tone, "Some <word>"))
    assert "Some &lt;word&gt;" in html and "<svg" in html and f"state-{tone}" in html
    assert tone in ICONS


def test_every_tone_has_its_colour_in_the_stylesheet():
    css = (ROOT / "static" / "portal.css").read_text()
    for tone in Tone:
        assert f".state-{tone}," in css and f"--{tone}-tint: light-dark(" in css


def test_an_unknown_tone_is_an_error():
    with pytest.raises(ValueError):
        state("splendid", "Splendid")


def test_no_state_and_no_freshness_draw_nothing():
    assert drawn("{% state s %}{% fresh f %}", s=None, f=None) == ""


def test_icons_are_hidden_from_readers():
    assert 'aria-hidden="true"' in drawn('{% icon "phone" 16 %}')


def test_an_icon_that_does_not_exist_is_found_out():
    with pytest.raises(TemplateSyntaxError):
        drawn('{% icon "unicorn" %}')


def test_staleness_is_shown():
    html = drawn("{% fresh f %}", f=Fresh("stale: from <X>, 3 h ago", "14:02", stale=True))
    assert 'class="fresh stale"' in html and "&lt;X&gt;" in html and 'title="14:02"' in html


# --- fields -----------------------------------------------------------------------------------------------------------


def test_help_and_error_are_tied_to_the_field():
    form = Form({})
    html = drawn("{% field form.name %}", form=form)
    described = re.search(r'aria-describedby="([^"]+)"', html)[1].split()
    assert described == ["id_name_helptext", "id_name_error"]
    assert all(f'id="{name}"' in html for name in described)
    assert 'aria-invalid="true"' in html and '<label for="id_name">' in html


def test_a_hint_of_the_page_is_tied_too_and_an_empty_one_leaves_the_fields_own_out():
    assert 'aria-describedby="id_note_helptext"' in drawn('{% field form.note hint="Ours" %}', form=Form())
    assert "As on the bill" not in drawn('{% field form.name hint="" %}', form=Form())


def test_choices_are_a_group_with_a_name():
    html = drawn("{% field form.kind %}", form=Form({}))
    assert "<fieldset" in html and "<legend>" in html and 'aria-describedby="id_kind_error"' in html


def test_a_box_stands_before_its_label():
    html = drawn("{% field form.agreed %}", form=Form())
    assert html.index("<input") < html.index("<span>")


def test_a_form_printed_whole_looks_the_same():
    html = str(Form({}))
    assert html.count('class="field') == 4 and 'type="hidden"' in html


def test_words_of_a_field_are_escaped():
    html = drawn("{% field form.name label=evil hint=evil %}", form=Form(), evil="<script>1</script>")
    assert "<script>" not in html


# --- French and the words of others --------------------------------------------------------------------------------


REFUSED = "Account name mismatch: the name on file is <different>."


def test_words_of_an_upstream_say_that_they_are_in_another_language_than_the_page():
    with translation.override("fr"):
        html = drawn("{% theirs said %}", said=REFUSED)
        assert html == f'<span lang="en">{escape(REFUSED)}</span>'
        assert (
            drawn("{% theirs said %}", said="Le nom ne correspond pas au compte.")
            == "Le nom ne correspond pas au compte."
        )
    assert drawn("{% theirs said %}", said=REFUSED) == escape(REFUSED)
    assert 'lang="fr"' in drawn("{% theirs said %}", said="Refusé : numéro de compte erroné")


def test_a_colon_and_a_share_are_written_as_the_language_does():
    source = "{% colon %}{{ share|percent }}"
    assert drawn(source, share=75) == ": 75%"
    with translation.override("fr"):
        assert drawn(source, share=75) == "\N{NO-BREAK SPACE}: 75\N{NO-BREAK SPACE}%"


def test_no_template_writes_a_colon_of_its_own_between_a_name_and_its_value():
    sentence = re.compile(r"{% blocktranslate.*?{% endblocktranslate %}", re.DOTALL)
    own = re.compile(r"(}}|%}|</a>|</span>|\">):(?= |{%|</)")
    found = {path.name: own.findall(sentence.sub("", path.read_text())) for path in TEMPLATES}
    assert not {name: places for name, places in found.items() if places}


# --- links and permissions --------------------------------------------------------------------------------------------


def link(source: str, path: str) -> str:
    return drawn(source, request=RequestFactory().get(path))


def test_a_filter_keeps_the_others_and_starts_at_the_first_page():
    assert link('{% href_with status="open" %}', "/n/?q=a+b&after=9&status=x") == "/n/?q=a+b&amp;status=open"
    assert link("{% href_with q=None %}", "/n/?q=a&before=3") == "/n/"


def test_may_of_nobody_is_no():
    assert drawn('{% if s|may:"read_audit" %}yes{% endif %}', s=None) == ""


# --- fragments --------------------------------------------------------------------------------------------------------


def test_an_empty_place_says_what_to_do_first():
    html = render_to_string("_empty.html", {"icon": "phone", "title": "T", "text": "X", "url": "/go/", "action": "Go"})
    assert 'href="/go/"' in html and "<h2>T</h2>" in html


def test_no_pager_where_there_is_one_page():
    assert render_to_string("_pager.html", {}).strip() == ""
    assert 'rel="next"' in render_to_string("_pager.html", {"next_url": "?after=1"})


@pytest.mark.parametrize("name", ["_skeleton.html", "_toast.html", "_tabs.html", "_filters.html", "_dialog.html"])
def test_fragments_draw(name):
    tabs = [{"label": "A", "url": "/a/", "active": True, "count": 3}]
    context = {"tabs": tabs, "options": tabs, "label": "L", "text": "X", "tone": "fine", "id": "d", "title": "T"}
    assert render_to_string(name, context, RequestFactory().get("/")).strip()


# --- what the content policy asks of templates and assets -------------------------------------------------------------

FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle="),
    "a style element": re.compile(r"<style"),
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")"),
    "an inline handler": re.compile(r"<[^>]*\son[a-z]+="),
    "hx-on": re.compile(r"hx-on[:=-]"),
    "hx-vals with js": re.compile(r"hx-vals=['\"]js:"),
    "a trigger filter": re.compile(r"hx-trigger=\"[^\"]*\[[^\"]*\""),
    "something from another host": re.compile(r"(?:src|href)=['\"](?:https?:)?//"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_keep_the_content_policy(path):
    html = re.sub(r"\{%.*?%\}", "", path.read_text())
    for name, pattern in FORBIDDEN.items():
        assert not pattern.search(html), name


def test_assets_reach_for_nothing_elsewhere():
    for path in [*(ROOT / "static").rglob("*.css"), *(ROOT / "static").rglob("*.js")]:
        assert not re.search(r"url\(|@import|https?://|eval\(|new Function", path.read_text()), path.name


def test_the_first_visit_is_light():
    names = ["portal.css", "portal.js", "theme.js", "favicon.svg", "django_htmx/htmx-2.min.js"]
    size = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in names)
    assert size < BUDGET / 3, f"{size} bytes"


# --- the frame --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_way_in_is_one_calm_page_in_both_languages(client, language):
    client.cookies["language"] = language
    html = client.get("/accounts/login/").content.decode()
    assert f'<html lang="{language}"' in html
    assert html.count("<h1") == 1 and 'name="login"' in html and 'name="language"' in html
    assert "demo" not in html.casefold()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/signup/", "/accounts/inactive/"],
)
def test_signed_out_pages_have_one_heading(client, path):
    response = client.get(path)
    assert response.status_code == 200 and response.content.decode().count("<h1") == 1


@pytest.mark.django_db
def test_htmx_is_configured_for_the_content_policy(client):
    html = client.get("/accounts/login/").content.decode()
    for setting in ("allowEval", "includeIndicatorStyles", "allowScriptTags"):
        assert f'"{setting}":false' in html
    assert '"historyCacheSize":0' in html and '"selfRequestsOnly":true' in html


def sign_in_agent(client) -> None:
    membership = MembershipFactory(role=Role.AGENT)
    membership.user.set_password(PASSWORD)
    membership.user.save()
    client.post("/accounts/login/", {"login": membership.user.email, "password": PASSWORD})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/accounts/logout/", "/accounts/reauthenticate/", "/accounts/email/", "/accounts/password/change/",
        "/accounts/2fa/", "/accounts/sessions/", "/nowhere/",
    ],
)  # fmt: skip
def test_a_persons_own_pages_have_one_heading_inside_the_frame(client, path):
    sign_in_agent(client)
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == (404 if path == "/nowhere/" else 200)
    assert len(re.findall(r"<h1>[^<]", html)) == 1 and 'class="rail"' in html
    assert 'id="unread-badge"' in html and "/accounts/activity/" not in html  # an agent reads texts, not the log


@pytest.mark.django_db
def test_setting_up_the_app_asks_who_it_is_then_shows_picture_and_key(client):
    sign_in_agent(client)
    there = "/accounts/2fa/totp/activate/"
    assert client.get(there).headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": there})
    html = client.get(there).content.decode()
    assert 'src="data:image/svg+xml;base64,' in html and 'class="secret"' in html and 'name="code"' in html
