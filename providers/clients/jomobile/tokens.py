"""The token: asked for when there is none, kept, shared with other processes, renewed when refused.

Two steps give one: username and password give an authorization code, the code gives the token. It is kept in the client
and offered in `learned`, so that the caller may store it as the credentials `access_token` and `access_token_expires`.
When a token is refused, one that another process has learned since (`latest`) is tried before a new one is asked for;
and when another process has meanwhile asked for one too, which may have ended ours, theirs is taken.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar, TypeVar

from providers.clients.base import Observer
from providers.clients.errors import CredentialsRefused, Rejected, Unclear, Unreadable
from providers.clients.http import Answer, Request
from providers.clients.jomobile import values
from providers.clients.jomobile.envelope import DENIED, STATUSES, TokenRefused, opened
from providers.clients.reading import read_json
from providers.clients.redaction import Redactor
from providers.clients.speaking import Repeat, speaks
from providers.clients.wired import Wired

GENERAL = "general"
LONG_AGO = 1.0  # in Unix seconds
EARLY = 60  # seconds before its end a token is renewed
T = TypeVar("T")


class Tokens(Wired):
    """See `wire.Wire` for the credentials."""

    prefix: ClassVar[str] = "/v1"

    def __init__(
        self,
        base_url: str,
        credentials: dict,
        *,
        observer: Observer | None = None,
        language: str = "en",
        time_zone: str = "",
    ):
        super().__init__(base_url, credentials, observer=observer, language=language, time_zone=time_zone)
        self._told: list[str] = []  # secrets that we were told since, or chose
        self._token = str(credentials.get("access_token") or "")
        self._expires = _seconds(credentials.get("access_token_expires"))

    @speaks("authorize", Repeat.SAFE, settle="nothing stays but a code that nobody uses")
    def authorize(self) -> str:
        """The first step: a code for username and password. Raises `CredentialsRefused`. (jomobile.yaml: authorize)"""
        names = ("username", "password")
        if not all(self.credentials.get(name) for name in names):
            raise CredentialsRefused("no username and password to sign in with", call="authorize", code="no-password")
        body = {name: str(self.credentials[name]) for name in names}
        return self.ask_openly("authorize", body, write=True, then=self._code)

    @speaks("accesstoken", Repeat.SAFE, settle="a code that was used is worth nothing: begin with authorize")
    def exchange(self, code: str) -> str:
        """The second step: a token for the code. It is kept and offered in `learned`. (jomobile.yaml: accesstoken)"""
        return self.ask_openly("accesstoken", {"authorization_code": code}, write=True, then=self._learn)

    def login(self) -> str:
        """Both steps. Returns the token."""
        return self.exchange(self.authorize())

    @speaks("logout", Repeat.SAFE, settle="a token that is gone is refused by any call")
    def logout(self) -> None:
        """End the token, for every process that uses it. (jomobile.yaml: logout, a GET)"""
        if not self._token:
            return
        request = self.request("logout", None, method="GET", write=True, token=self._token)
        try:
            self.http.call(request, self._read)
        except TokenRefused as refused:
            if refused.foreign:
                raise self._perhaps_done(refused) from None
            # else it was gone before
        self._token, self._expires = "", 0.0
        self.learned = {"access_token": "", "access_token_expires": ""}

    # --- calls with and without a token

    def ask(
        self,
        call: str,
        body: object = None,
        *,
        method: str = "POST",
        write: bool = False,
        then: Callable[[object], T] = lambda data: data,
    ) -> T:
        """Send one call with the token and return what `then` makes of its `data`."""
        return self.with_token(
            lambda token: self.http.call(
                self.request(call, body, method=method, write=write, token=token),
                lambda answer: then(self._read(answer)),
            ),
            write=write,
        )

    def ask_openly(self, call: str, body: object, *, write: bool, then: Callable[[object], T]) -> T:
        """Send one call that needs no token. A refusal of the sign-in steps is one of the credentials."""
        signing_in = call in ("authorize", "accesstoken")
        request = self.request(call, body, write=write)
        return self.http.call(request, lambda answer: then(self._signed(answer) if signing_in else self._read(answer)))

    def request(
        self, call: str, body: object, *, method: str = "POST", write: bool = False, token: str = ""
    ) -> Request:
        return Request(
            call=call,
            bucket=GENERAL,
            url=f"{self.base_url}{self.prefix}/{call}",
            method=method,
            json=body,
            headers={"X-Access-Token": token} if token else {},
            write=write,
            accept=STATUSES,
        )

    def with_token(self, attempt: Callable[[str], T], *, write: bool) -> T:
        """Do it with the token at hand; when refused, with one learned elsewhere, then with a new one, asked for once.

        A write is sent again only where they themselves say that the token was refused; else its outcome is unclear.
        """
        tried: set[str] = set()
        error = TokenRefused("there is no token and nothing to get one with", code="no-password")
        token, signed_in = self._at_hand(), False
        while token or (self._can_sign_in() and not signed_in):
            if not token:
                signed_in, token = True, self.login()
            if token in tried:
                break
            tried.add(token)
            try:
                return attempt(token)
            except TokenRefused as refused:
                error = refused
            if write and error.foreign:
                raise self._perhaps_done(error)
            token = self._elsewhere(tried)
        raise CredentialsRefused(
            "Jo Mobile does not accept the token",
            call=error.call,
            code=error.code,
            http_status=error.http_status,
            words=error.words,
            cause=error.cause,
        )

    def _perhaps_done(self, refused: TokenRefused) -> Unclear:
        """The next call begins with another token, where there is one."""
        self._expires = LONG_AGO
        return Unclear(
            "somebody refused the token, not in Jo Mobile's words",
            call=refused.call,
            code=refused.code,
            http_status=refused.http_status,
        )

    def _at_hand(self) -> str:
        """A token that should still be good, "" for none. One that is over is tried where nothing can renew it."""
        if self._token and not _over(self._expires):
            return self._token
        return self._elsewhere({self._token}) or ("" if self._can_sign_in() else self._token)

    def _elsewhere(self, tried: set[str]) -> str:
        """The token that another process has learned, when it is none of these and still good; "" for none."""
        latest = self.latest()
        token, expires = str(latest.get("access_token") or ""), _seconds(latest.get("access_token_expires"))
        if not token or token in tried or _over(expires):
            return ""
        self._adopt(token, expires)
        return token

    def _can_sign_in(self) -> bool:
        return bool(self.credentials.get("username") and self.credentials.get("password"))

    # --- reading

    def _read(self, answer: Answer):
        return opened(_tree(answer), answer.status, self.redactor)

    def _signed(self, answer: Answer):
        """The data of a sign-in step. Any refusal of it is one of the credentials, since it holds nothing else."""
        try:
            return self._read(answer)
        except Rejected as refused:
            error = refused
        raise CredentialsRefused(
            "Jo Mobile refused the sign-in", code=error.code, words=error.words, http_status=answer.status
        )

    def _code(self, data) -> str:
        code = values.required(values.part(data), "authorization_code")
        self.tell(code)
        return code

    def _learn(self, data) -> str:
        row = values.part(data)
        token, expires = values.required(row, "access_token"), values.text(row, "expires_at")
        if not token.isascii() or not token.isprintable() or " " in token:
            raise Unreadable("the token is not one that a header can carry", code="bad-value")
        self._adopt(token, _seconds(expires))
        self.learned = {"access_token": token, "access_token_expires": expires}
        return token

    def _adopt(self, token: str, expires: float) -> None:
        self._token, self._expires = token, expires
        self.tell(token)

    def tell(self, secret: str) -> None:
        """From now on mask this value wherever it stands."""
        self._told.append(secret)
        self.redactor = Redactor([*self.secrets(), *self._told], self.secret_names)
        self.http.redactor = self.redactor


def _tree(answer: Answer):
    """A refusal of the token may come as any page; what else is no JSON is no answer."""
    try:
        return read_json(answer.body)
    except Unreadable:
        if answer.status not in DENIED:
            raise
    return None


def _seconds(value) -> float:
    """Unix seconds of an expiry; 0 when it says nothing, as for a token made in the cabinet."""
    try:
        return float(str(value or 0))
    except ValueError:
        return 0.0


def _over(expires: float) -> bool:
    return bool(expires) and datetime.now(UTC).timestamp() > expires - EARLY
