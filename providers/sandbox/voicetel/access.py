"""Who is asking, from where, and how often."""

LIMITED = ("accountApiKey", "accountCdr", "accountInfo", "accountMrc")
HOUR = 3600


def default_limits():
    return {"per_hour": dict.fromkeys(LIMITED, 6), "window_s": HOUR, "used": {}}


def address_of(request):
    """The peer's IP address; a test may pretend another."""
    return request.headers.get("x-sandbox-client-ip") or request.client.rpartition(":")[0] or "127.0.0.1"


def key_of(request, body):
    """The API key of a request, "" for none. The header wins over the body."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    key = body.get("apikey") if isinstance(body, dict) else None
    return key if isinstance(key, str) else ""


def may(limits, name, address, now):
    """Enter the request of a limited method; False when this address has had its share of the hour.

    A refused one is not counted, so that the window empties by itself.
    """
    limit = limits["per_hour"].get(name)
    if limit is None:
        return True
    times = limits["used"].setdefault(name, {}).setdefault(address, [])
    while times and times[0] <= now - limits["window_s"]:
        times.pop(0)
    if len(times) >= limit:
        return False
    times.append(now)
    return True
