"""Signing in: a code for a password, a token for the code; a new token ends the one before it."""

import base64
import hashlib

from .checks import F, email, msisdn, text
from .refusals import BAD_LOGIN, BLOCKED, UNAUTHORIZED, Refusal, by_field

AUTHORIZE = (F("username", text(), required=True), F("password", text(), required=True))
ACCESS_TOKEN = (F("authorization_code", text(), required=True),)
REGISTER = (
    F("login", text(64, 3), required=True),
    F("password", text(64, 6), required=True),
    F("name", text(), required=True),
    F("phone", msisdn, required=True),
    F("email", email, required=True),
    F("company_name", text()),
    F("skype", text()),
)


def secret(desk, kind):
    """Another one each time, the same ones for the same world."""
    number = desk.upstream.new_id("secret")
    return hashlib.sha256(f"jomobile/{desk.sandbox.world.seed}/{kind}/{number}".encode()).digest()


def bad_login(quirks):
    """Two clients of the platform have seen two answers; the second one is a quirk here."""
    return Refusal("invalid_credentials", 401) if quirks else by_field("password", BAD_LOGIN)


def authorize(desk):
    state, values = desk.upstream.state, desk.values
    account = desk.upstream.by_login.get(values["username"])
    if account is None or account["password"] != values["password"]:
        raise bad_login(desk.upstream.quirks)
    if account["block"]:
        raise Refusal(*BLOCKED)
    code, expires = secret(desk, "code").hex()[:32], int(desk.now + state["limits"]["code_life_s"])
    state["codes"] = {one: row for one, row in state["codes"].items() if row["expires_at"] > desk.now}
    state["codes"][code] = {"key": account["key"], "expires_at": expires}
    desk.account = account
    desk.effect("authorized")
    return {"authorization_code": code, "expires_at": expires}


def access_token(desk):
    state = desk.upstream.state
    row = state["codes"].pop(desk.values["authorization_code"], None)
    if row is None or row["expires_at"] <= desk.now:
        raise by_field("authorization_code", "Unknown or expired code.")
    desk.account = state["accounts"][row["key"]]
    token = base64.urlsafe_b64encode(secret(desk, "token")).decode()[:30]
    expires = int(desk.now + state["limits"]["token_life_s"])
    desk.account["session"] = {"token": token, "expires_at": expires}
    desk.effect("token_given", expires_at=expires)
    return {"access_token": token, "expires_at": expires}


def logout(desk):
    """Ends the session's token; a permanent one is ended in the cabinet only."""
    session = desk.account["session"]
    if session and session["token"] == desk.upstream.token_of(desk.call.request):
        desk.account["session"] = None
    desk.effect("logged_out")
    return []


def account_of(accounts, token, now):
    """Whose token it is, and good until when it is asked; None for any other."""
    for account in accounts.values():
        session = account["session"]
        if token and session and session["token"] == token:
            return account if session["expires_at"] > now else None
        if token and account["permanent_token"] == token:
            return account
    return None


def entered(accounts, token, now):
    account = account_of(accounts, token, now)
    if account is None:
        raise Refusal(*UNAUTHORIZED)
    if account["block"]:
        raise Refusal(*BLOCKED)
    return account


def register(desk):
    """Makes an account without money, which cannot send until somebody confirms it in the cabinet."""
    values, state = desk.values, desk.upstream.state
    if values["login"] in desk.upstream.by_login:
        raise by_field("login", "This login is taken.")
    made = desk.upstream.opened(values)
    state["accounts"][made["key"]] = made
    desk.upstream.index()
    desk.account = made
    desk.effect("account_registered", login=values["login"], company=values["company_name"] or "")
    return {"login": values["login"]}
