"""A person at a browser without JavaScript: signs in, opens pages, fills forms in. Over real HTTP."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

PASSWORD = "demo-portal-2026"


@dataclass
class Form:
    """A form of a page as a browser would send it."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(attributes.get("action", ""), attributes.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(tag, attributes)

    def _field(self, tag, attributes):
        name, value = attributes.get("name", ""), attributes.get("value", "")
        if tag == "option" and self._select:
            if "selected" in attributes or self._select not in self._open.values:
                self._open.values[self._select] = value
        if not name:
            return
        self._open.names.add(name)
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            self._open.values[name] = ""
        elif tag == "input" and attributes.get("type") in {"checkbox", "radio"}:
            if "checked" in attributes:
                self._open.values[name] = value or "on"
        elif tag == "input" and attributes.get("type") not in {"submit", "file", "button"}:
            self._open.values[name] = value

    def handle_endtag(self, tag):
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data):
        if self._area and self._open is not None:
            self._open.values[self._area] += data.removeprefix("\n")


def forms_of(html: str) -> list[Form]:
    reader = _Forms()
    reader.feed(html)
    return reader.forms


class Visitor:
    """One browser: its cookies, and what it was told to trust."""

    def __init__(self, base_url: str):
        self.base_url = base_url
        self.http = requests.Session()
        self.http.trust_env = False

    def url(self, path: str) -> str:
        return urljoin(self.base_url + "/", path)

    def get(self, path: str, *, target: str = "", timeout: float = 15, **options) -> requests.Response:
        """A page; with `target`, the fragment of that id, as htmx asks for it."""
        return self.http.get(self.url(path), headers=self._headers(target), timeout=timeout, **options)

    def post(
        self, path: str, values: dict, *, target: str = "", timeout: float = 30, follow: bool = False, **options
    ) -> requests.Response:
        headers = self._headers(target) | {"X-CSRFToken": self.http.cookies.get("csrf", ""), "Referer": self.url(path)}
        return self.http.post(
            self.url(path), data=values, headers=headers, timeout=timeout, allow_redirects=follow, **options
        )

    def form(self, path: str, *names: str) -> Form:
        """The form of a page that has all these fields."""
        answer = self.get(path)
        assert answer.ok, f"{path} answers {answer.status_code}"
        found = [form for form in forms_of(answer.text) if form.names >= set(names)]
        assert found, f"{path} has no form with {', '.join(names)}"
        form = found[0]
        form.action = form.action or urlsplit(answer.url)._replace(netloc="", scheme="").geturl()
        return form

    def sign_in(self, email: str, password: str = PASSWORD) -> "Visitor":
        form = self.form("/accounts/login/", "login", "password")
        answer = self.post(form.action, form.values | {"login": email, "password": password})
        assert answer.status_code == 302, f"{email} was not let in: {answer.status_code}"
        return self

    def twin(self) -> "Visitor":
        """The same browser in another thread: a `requests.Session` is not for two at once."""
        other = Visitor(self.base_url)
        other.http.cookies.update(self.http.cookies)
        return other

    def _headers(self, target: str) -> dict[str, str]:
        return {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": self.base_url + "/"} if target else {}
