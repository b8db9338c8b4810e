"""The Account API: who an account is, its key, money, calls, and new accounts."""

import datetime
import decimal

from . import checks
from .desk import MONTHLY, Refusal, not_yours
from .people import blank, generated
from .spec import Spec

DAY = 86400


def add(desk):
    """A sub-account of the administrator's family; the password is shown this once."""
    values, username = desk.values, desk.values["username"]
    if username in desk.upstream.by_username:
        raise Refusal(409, "Username already exists")
    master = values.get("masterAccount") or username
    if master != username and not desk.upstream.may_bill(desk.account, master):
        raise Refusal(409, "Invalid masterAccount")
    made = new_account(desk, username, values["name"], values["email"], master)
    return {"message": "Account Information", "account": shown_once(made)}


def signup(desk):
    values = desk.values
    if any(one["email"] == values["email"] for one in desk.state["accounts"].values()):
        raise Refusal(409, "Email already in use")
    username = desk.upstream.free_username()
    made = new_account(desk, username, values["name"], values["email"], username)
    made["promo"] = values.get("promo", "")
    desk.account = made
    desk.effect("verification_mail", email=made["email"])
    return {"message": "Account Information", "account": shown_once(made)}


def new_account(desk, username, name, email, master):
    key = f"made-{username}"
    made = blank(key, username, name, email, desk.now, generated(desk.digest("password"), 10), desk.digest("apikey"))
    made["master"] = master
    desk.state["accounts"][key] = made
    desk.upstream.index()
    desk.effect("account_created", username=username, name=name, master=master)
    return made


def shown_once(account):
    return {
        "name": account["name"],
        "username": int(account["username"]),
        "password": account["password"],
        "email": account["email"],
        "masterAccount": int(account["master"]),
    }


def apikey(desk):
    account = desk.upstream.by_username.get(desk.values["username"])
    if account is None or account["password"] != desk.values["password"] or not account["enabled"]:
        raise not_yours("Invalid username or password")
    return {"apikey": account["apikey"]}


def info(desk):
    account = desk.account
    row = {
        "name": account["name"],
        "rate": decimal.Decimal(account["rate"]),
        "enabled": account["enabled"],
        "notify_threshold": account["notify_threshold"],
        "username": account["username"],
        "caller_id": account["caller_id"],
        "notify": account["notify"],
        "email": account["email"],
        "created": datetime.datetime.fromtimestamp(account["created"], datetime.UTC).isoformat(),
        "cash": desk.cash,
    }
    return {"account": [row]}


def window(desk):
    """(older, newer) moment. `start` is the newer bound, reversed as its name is."""
    newer = desk.values.get("start", int(desk.now))
    older = desk.values.get("end", int(desk.now) - DAY)
    if older > newer:
        raise Refusal(400, "Field: start", requirement="Must not be before end")
    return older, newer


def cdr(desk):
    older, newer = window(desk)
    rows = [call_row(desk, call) for call in reversed(desk.account["cdr"]) if older <= call["at"] <= newer]
    return {"cdr": rows}


def call_row(desk, call):
    value = {name: call[name] for name in ("cid", "dst", "ip", "dur", "nr", "ba", "cn")}
    return {"id": call["id"], "key": [desk.account["username"], str(call["at"])], "value": value}


def mrc(desk):
    charges = list(monthly(desk.account).items())
    total = sum((amount for _, amount in charges), decimal.Decimal(0))
    return {"mrc": [{name: amount} for name, amount in charges] + [{"total": total}]}


def monthly(account):
    """What the account pays each month, by the words of the bill."""
    numbers = account["numbers"].values()
    counted = (
        ("SMS enabled numbers", MONTHLY["sms"], sum(one["messaging"] for one in numbers)),
        ("E911 records", MONTHLY["e911"], len(account["e911"])),
        ("did", MONTHLY["did"], len(account["numbers"])),
    )
    return {name: decimal.Decimal(each) * count for name, each, count in counted if count or name == "did"}


def recover(desk):
    found = next((one for one in desk.state["accounts"].values() if one["email"] == desk.values["email"]), None)
    if found is None:
        raise Refusal(404, "Not Found")
    desk.account = found
    desk.effect("recovery_mail", email=found["email"])
    return {"message": f"Please check your email ({found['email']}) for details"}


def registration(desk):
    if not desk.account["registration"]:
        raise Refusal(404, "Not Found")
    return {"account": dict(desk.account["registration"])}


WINDOW = {"start": checks.whole, "end": checks.whole}
CALLS = (
    Spec(
        "accountAdd",
        "/v2.1/account/add/",
        add,
        {
            "name!": checks.text(80),
            "username!": checks.number,
            "email!": checks.email,
            "masterAccount": checks.number,
        },
        admin=True,
    ),
    Spec(
        "accountApiKey",
        "/v2.1/account/apikey/",
        apikey,
        {"username!": checks.number, "password!": checks.text(64)},
        read=True,
        open=True,
    ),
    Spec("accountCdr", "/v2.1/account/cdr/", cdr, WINDOW, read=True),
    Spec("accountInfo", "/v2.1/account/info/", info, read=True),
    Spec("accountMrc", "/v2.1/account/mrc/", mrc, read=True),
    Spec("accountRecover", "/v2.1/account/recover/", recover, {"email!": checks.email}, open=True),
    Spec("accountRegistration", "/v2.1/account/registration/", registration, read=True),
    Spec(
        "accountSignup",
        "/v2.1/account/signup/",
        signup,
        {"name!": checks.text(80), "email!": checks.email, "promo": checks.text(40)},
        open=True,
    ),
)
