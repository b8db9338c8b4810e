"""Who asks: a token signed with the key of a service account, or the older pair of account and secret."""

import base64
import binascii
import hmac
import json

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from . import rsa_keys, wire
from .refusals import Refusal

LONGEST_S = 3600
SKEW_S = 10  # a clock that runs a little ahead is forgiven
NAMES = ("account_id", "account_name", "account_email")
SECRETS = ("api_key", "account_password", "session_id")
PARENT = "parent_"


class Caller:
    """`account` is who the call is for; `key` the service account's key, None with the older credentials."""

    def __init__(self, account, key=None, by_password=False):
        self.account, self.key, self.by_password = account, key, by_password

    def may(self, roles, names_of):
        """Whether one of these roles is the key's; the older credentials are the owner's."""
        return not roles or self.key is None or bool({"Owner", *roles} & set(names_of(self.key["role_ids"])))


def identify(upstream, request, name, now):
    """Raises Refusal; the parent_ forms of AddAccount and CloneAccount count as credentials too."""
    header = request.headers.get("authorization", "")
    if header:
        return by_token(upstream, header, now)
    return by_secret(upstream, wire.params_of(request), PARENT if name in ("AddAccount", "CloneAccount") else "")


def whose(upstream, request):
    """The account a request says it is of, unproven, for the journal."""
    header = request.headers.get("authorization", "")
    try:
        if header:
            return upstream.account(int(parts_of(header)[1]["iss"]))
        params = wire.params_of(request)
        return named(upstream, params) or named(upstream, params, PARENT)
    except (Refusal, KeyError, TypeError, ValueError):
        return None


# -- tokens


def by_token(upstream, header, now):
    head, claims, signed, signature = parts_of(header)
    if head.get("alg") != "RS256" or not isinstance(claims.get("iat"), int) or not isinstance(claims.get("exp"), int):
        raise Refusal(447)
    key, holder = upstream.key(head.get("kid"))
    account = upstream.account(claims.get("iss"))
    if key is None or account is None or not verified(key, signed, signature):
        raise Refusal(100)
    check_times(claims["iat"], claims["exp"], now)
    if account["account_id"] != holder["account_id"] and account["parent"] != holder["account_id"]:
        raise Refusal(100)
    return Caller(account, key)


def check_times(issued, expires, now):
    if expires - issued > LONGEST_S:
        raise Refusal(454)
    if issued > now + SKEW_S:
        raise Refusal(455)
    if expires <= now:
        raise Refusal(456)


def parts_of(header):
    """(header, claims, what was signed, signature) of "Bearer a.b.c"."""
    scheme, _, token = header.partition(" ")
    pieces = token.strip().split(".")
    if scheme.lower() != "bearer" or len(pieces) != 3:
        raise Refusal(447)
    try:
        head, claims = (json.loads(unpacked(piece)) for piece in pieces[:2])
        signature = unpacked(pieces[2])
    except (ValueError, binascii.Error):
        raise Refusal(447) from None
    if not isinstance(head, dict) or not isinstance(claims, dict):
        raise Refusal(447)
    return head, claims, f"{pieces[0]}.{pieces[1]}".encode(), signature


def unpacked(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verified(key, signed, signature):
    try:
        public = rsa_keys.private_key(key["made_from"]).public_key()
        public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


# -- the older credentials


def named(upstream, params, prefix=""):
    for name in NAMES:
        wanted = params.get(prefix + name)
        if wanted:
            return next((a for a in upstream.accounts_all() if str(a[name]) == wanted), None)
    return None


def by_secret(upstream, params, prefix):
    """With a prefix the plain form counts as well: any account may sign itself in."""
    forms = [(PARENT, name, f"{PARENT}account_{name.removeprefix('account_')}") for name in SECRETS[:2] if prefix]
    forms += [("", name, name) for name in SECRETS]
    form, secret, param = next((one for one in forms if params.get(one[2])), ("", "", ""))
    if not secret:
        raise Refusal(100)
    if secret == "session_id":
        raise Refusal(137)
    value = params[param]
    account = named(upstream, params, form) or (by_value(upstream, secret, value) if form else None)
    if account is None or not same(account[secret], value):
        raise Refusal(100)
    return Caller(account, by_password=secret == "account_password")


def by_value(upstream, secret, value):
    """CloneAccount has no name for the parent, only its secret."""
    return next((a for a in upstream.accounts_all() if same(a[secret], value)), None)


def same(held, given):
    return hmac.compare_digest(held.encode(), given.encode())
