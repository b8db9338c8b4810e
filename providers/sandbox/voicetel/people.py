"""Account rows: what every account has, and words made from digests."""

LETTERS = "abcdefghijkmnpqrstuvwxyz"
FIGURES = "23456789"
BOTH = LETTERS + FIGURES


def generated(digest, length):
    """A password of so many letters and figures, with at least one of each."""
    value, word = int(digest, 16), ""
    while len(word) < length - 2:
        value, rest = divmod(value, len(BOTH))
        word += BOTH[rest]
    return word + LETTERS[value % len(LETTERS)] + FIGURES[value % len(FIGURES)]


def blank(key, username, name, email, created, password, apikey):
    """A fresh account: no money, no numbers, its own billing account."""
    return {
        "key": key,
        "username": username,
        "password": password,
        "apikey": apikey,
        "name": name,
        "email": email,
        "admin": False,
        "master": username,
        "rate": "0.0069",
        "enabled": True,
        "notify_threshold": 10,
        "notify": True,
        "caller_id": username,
        "created": int(created),
        "cash": "0.000000",
        "messaging": True,
        "cnam": True,
        "lrn": True,
        "auth_type": 0,
        "acl": [],
        "gateways": {},
        "registration": None,
        "numbers": {},
        "brands": {},
        "campaigns": {},
        "e911": {},
        "checked": {},
        "ports": [],
        "mdr": [],
        "dlr": [],
        "opted_out": [],
        "cdr": [],
        "calls_a_day": 0,
    }


def number_row(number, place, since, route=1, **more):
    """A number as an account holds it."""
    return {
        "number": number,
        **place,
        "since": int(since),
        "route": route,
        "cnam": False,
        "lidb": "",
        "forward": "",
        "translation": "",
        "messaging": False,
        "campaign": "",
        "route_in": "",
        "route_out": "",
        "pin": "",
        **more,
    }
