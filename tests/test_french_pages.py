"""French pages are French (K1): no text, label or sentence for scripts of a page is left in English."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from accounts.roles import Role
from portal import catalogue
from portal.management.commands.compile_locale import compile_if_older
from tests.cast import Cast, make_cast
from tests.test_doors import GETTABLE, url_of

OWN_NAMES = {"English"}  # a language is called by its own name
# Words that stand in nearly every English sentence and in no French one.
ENGLISH = re.compile(
    r"(?<![\w'’-])(the|your|you|with|this|that|from|ago|and|of|is|are|was|not|has|have|it|for|to|by|when|which|cannot|"
    r"save|search|loading|numbers?|texts?|settings?|charges?|since|never|yesterday)(?![\w'’-])",
    re.IGNORECASE,
)
SPOKEN = {"title", "aria-label", "aria-description", "placeholder", "alt", "hx-confirm"}  # and all that scripts say
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SIGN_IN = ("account_login", "account_reset_password", "account_reset_password_done", "account_signup")
SIGN_IN_KNOWN = (
    "account_email", "account_change_password", "account_logout", "account_reauthenticate", "mfa_index",
    "mfa_activate_totp", "usersessions_list",
)  # fmt: skip
SUBACCOUNTS = ("subaccounts", "subaccount_new")


class Words(HTMLParser):
    """What a page says: its texts and the attributes that people hear or see, but not what names a file or another language."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        silent = tag in {"script", "style", "code"} or values.get("lang") == "en" or values.get("name") == "time_zone"
        silent = silent or (bool(self.open) and self.open[-1][1])
        if tag not in VOID:
            self.open.append((tag, silent))
        if not silent:
            self.said += [text for name, text in attrs if text and _is_spoken(name, text)]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if data.strip() and not (self.open and self.open[-1][1]):
            self.said.append(data)


def _is_spoken(name: str, text: str) -> bool:
    return name in SPOKEN or (name.startswith("data-") and " " in text)


def english(html: str, untranslated: set[str]) -> list[str]:
    """The texts of a page that are English; content of the test's people carries a canary and is theirs to write."""
    words = Words()
    words.feed(html)
    texts = {" ".join(text.split()) for text in words.said if "CANARY" not in text and "@" not in text}
    return sorted(text for text in texts if text in untranslated or ENGLISH.search(text))


@pytest.fixture(scope="module")
def english_texts() -> set[str]:
    """What the code says in English and French says otherwise."""
    book = catalogue.catalogue()
    compile_if_older(catalogue.settings.BASE_DIR / catalogue.CATALOGUE)
    same = {entry.msgstr for entry in book}
    return {entry.msgid for entry in book if entry.msgstr and entry.msgid not in same} - OWN_NAMES


@pytest.fixture
def cast(db, settings, tmp_path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    return make_cast()


@pytest.fixture
def francophone(cast, client):
    """A browser of a person who reads French."""

    def sign_in(person=None):
        client.cookies["language"] = "fr"
        if person:
            type(person).objects.filter(pk=person.pk).update(language="fr")
            client.force_login(person)
        return client

    return sign_in


def left_in_english(client, url: str, untranslated: set[str]) -> list[str]:
    response = client.get(url)
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    return english(response.content.decode(), untranslated)


def test_english_is_noticed(english_texts):
    page = '<p>Enregistrer</p><p title="Skip to content">CANARY-A-the</p><p data-lost="Nothing of the kind"></p><p>Save</p>'
    assert english(page, english_texts) == ["Nothing of the kind", "Save", "Skip to content"]
    assert not english('<a lang="en">English</a><script>the</script><p>Tous les textos, 3 sur 5</p>', english_texts)


@pytest.mark.parametrize("name", GETTABLE)
def test_an_owners_page_is_french(cast, francophone, english_texts, name):
    client = francophone(cast.a.people[Role.OWNER])
    assert not left_in_english(client, url_of(name, cast.a), english_texts)


@pytest.mark.parametrize("name", SUBACCOUNTS)
def test_a_resellers_page_is_french(cast, francophone, english_texts, name):
    client = francophone(cast.r.people[Role.OWNER])
    assert not left_in_english(client, reverse(name), english_texts)
    assert not left_in_english(client, reverse("subaccount", args=[cast.a.account.pk]), english_texts)


@pytest.mark.parametrize("name", SIGN_IN)
def test_a_sign_in_page_is_french(francophone, english_texts, name):
    assert not left_in_english(francophone(), reverse(name), english_texts)


@pytest.mark.parametrize("name", SIGN_IN_KNOWN)
def test_a_security_page_is_french(cast, francophone, english_texts, name):
    client = francophone(cast.a.people[Role.OWNER])
    assert not left_in_english(client, reverse(name), english_texts)


@pytest.mark.parametrize("url", ["/nothing-here/", "/subaccounts/link/1/"])
def test_a_refusal_is_french(cast, francophone, english_texts, url):
    client = francophone(cast.a.people[Role.READER])
    assert not left_in_english(client, url, english_texts)
