"""Masks secrets in everything that leaves a client: urls, bodies, words of errors, raw rows."""

import html
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from urllib.parse import quote, quote_plus

MASK = "***"
LIMIT = 16_000  # characters of a body that staff may see
SHORTEST = 4  # masking shorter values would blacken ordinary text; the keys below still hide them

# Names that hide their value wherever they stand: `sip_password`, `X-Api-Key`, `international_nip`.
_HIDDEN = (
    r"token|password|passwd|passcode|passphrase|secret|api[_-]?key|authorization(?:_code)?|callback_salt|"
    r"session[_-]?id|account_pin|nip|private_key|credential"
)
_NAME = rf"[\w-]{{0,40}}?(?:{_HIDDEN})"
_SECRET_NAME = re.compile(rf"^{_NAME}$", re.IGNORECASE)
# Our own webhook addresses carry their secret in the path, and upstreams repeat them.
_WEBHOOK = r"(webhooks(?:\\?/|%2F)[\w-]+(?:\\?/|%2F))[\w.~-]+"
# Secrets that are known by their look, since they are made anew all the time: signed tokens (JWT), private keys (PEM).
_LOOKS = (r"(\b)eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]+)?", r"(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)[^-]+")


def _rules(name: str) -> tuple[re.Pattern, ...]:
    """Where a value of that name stands; an end cut off still counts. The first group is what stays."""
    patterns = (
        # JSON (also with escaped quotes), XML element and attribute, form or query.
        rf'(\\?"{name}\\?"\s*:\s*\\?")[^"\\]*',
        rf'(\\?"{name}\\?"\s*:\s*)[^\s"\\,}}\]][^,}}\]]*',
        rf"(<({name})(?:\s[^<>]*)?>)\s*(?:<!\[CDATA\[)?[^<]*",
        rf'(\b{name}=")[^"]*',
        rf'((?:^|[?&\s;]){name}=)[^&\s"<>]+',
    )
    return tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in patterns)


_MASKED = r"\1" + MASK
_BY_LOOK = tuple(map(re.compile, _LOOKS))
_RULES = (*_rules(_NAME), re.compile(_WEBHOOK, re.IGNORECASE | re.MULTILINE), *_BY_LOOK)


class Redactor:
    """Knows the secret values of one connection. `keys` adds names that are secret for this upstream only."""

    def __init__(self, secrets: Iterable[str] = (), keys: Iterable[str] = ()):
        self._forms: set[str] = set()
        self._values: re.Pattern | None = None
        self.learn(*secrets)
        self._keys = frozenset(key.lower() for key in keys)
        names = "|".join(map(re.escape, sorted(self._keys)))
        self._rules = (*_RULES, *_rules(f"(?:{names})")) if names else _RULES

    def learn(self, *secrets: str) -> None:
        """Mask these values too from now on: a token that the upstream gave us, say."""
        self._forms |= {form for secret in secrets if len(secret) >= SHORTEST for form in _forms(secret)}
        ordered = sorted(self._forms, key=len, reverse=True)
        self._values = re.compile("|".join(map(re.escape, ordered)), re.IGNORECASE) if ordered else None

    def is_secret(self, key: str) -> bool:
        return key.lower() in self._keys or bool(_SECRET_NAME.match(key))

    def text(self, text: str, limit: int = LIMIT) -> str:
        """`text` without secrets and not longer than about `limit` characters."""
        masked = self._values.sub(MASK, text) if self._values else text
        cut = masked[:limit]
        for rule in self._rules:
            cut = rule.sub(_MASKED, cut)
        left_out = len(masked) - limit
        return f"{cut} … {left_out} more" if left_out > 0 else cut

    def fields(self, fields: Iterable[tuple[str, str]], limit: int = LIMIT) -> str:
        """Form fields, one a line, as staff may read them."""
        return self.text("\n".join(f"{key}={MASK if self.is_secret(key) else value}" for key, value in fields), limit)

    def tree(self, value):
        """A copy of a parsed answer with the values of secret keys and the credentials themselves masked."""
        if isinstance(value, dict):
            return {key: MASK if item and self.is_secret(key) else self.tree(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.tree(item) for item in value]
        if isinstance(value, str):
            return _without_looks(self._values.sub(MASK, value) if self._values else value)
        if isinstance(value, Decimal):
            return str(value)  # raw rows are kept as JSON, which knows no decimals
        return MASK if self._is_number_of_ours(value) else value

    def _is_number_of_ours(self, value) -> bool:
        """Whether a number is one of the credentials, which some upstreams write without quotes."""
        return type(value) is int and self._values is not None and self._values.fullmatch(str(value)) is not None


def _without_looks(value: str) -> str:
    for rule in _BY_LOOK:
        value = rule.sub(_MASKED, value)
    return value


def _forms(secret: str) -> set[str]:
    """The ways a value is written in urls, forms, JSON and XML."""
    return {secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], html.escape(secret)}
