"""Money: every change of a balance is a transaction, and some of them are told to the customer's server."""

from . import callbacks
from .desk import exact
from .refusals import Refusal

PAYMENTS = {"card_payment", "robokassa_payment", "wire_transfer"}
RATES = {"USD": "1", "EUR": "0.9137", "RUR": "88.4013", "KZT": "471.35"}  # units for one US dollar


def balance(account):
    return exact(account["balance"])


def affordable(account, amount):
    return balance(account) + exact(account["credit_limit"]) >= amount


def book(upstream, account, kind, amount, description, at, **extra):
    """A transaction; charges are negative. Returns its id. `extra` is shown with with_extended_info."""
    account["balance"] = str(balance(account) + exact(amount))
    row = {"transaction_id": upstream.new_id("transaction"), "at": at, "amount": str(amount), "kind": kind}
    account["transactions"].append({**row, "description": description, **extra})
    upstream.sandbox.world.touch()
    watch(upstream, account, at)
    return row["transaction_id"]


def charge(desk, kind, amount, description, **extra):
    """Take money for something; refused when there is not enough. Returns the transaction's id."""
    amount = exact(amount)
    if not desk.sandbox.settings["charge"]:
        return None
    if not affordable(desk.account, amount):
        raise Refusal(127)
    return book(desk.upstream, desk.account, kind, -amount, description, desk.now, **extra)


def watch(upstream, account, at):
    """Falling below the level is told once, and again each day (see the clockwork); rising above it forgets that."""
    level = account["profile"]["min_balance_to_notify"]
    low = level is not None and balance(account) < exact(level)
    if low and not account["warned"]:
        callbacks.send(upstream, account, "min_balance", {"is_min_credit": False, "is_repeated": False}, at)
    account["warned"] = low


def pay(upstream, account, amount, kind="card_payment"):
    """A customer pays: by hand at the control door."""
    if kind not in PAYMENTS:
        raise ValueError(f"payments are {', '.join(sorted(PAYMENTS))}")
    now = upstream.sandbox.clock.now()
    number = book(upstream, account, kind, exact(amount), kind.replace("_", " ").capitalize(), now)
    payload = {"transaction_id": number, "transaction_type": kind, "amount": exact(amount)}
    callbacks.send(upstream, account, kind, payload, now)
    if account["frozen"] and balance(account) >= 0:
        freeze(upstream, account, False)
    return number


def freeze(upstream, account, frozen):
    if account["frozen"] != frozen:
        account["frozen"] = frozen
        kind = "account_is_frozen" if frozen else "account_is_unfrozen"
        callbacks.send(upstream, account, kind, {}, upstream.sandbox.clock.now())


def short(account):
    """The account as answers of paid commands carry it."""
    return {
        "account_id": account["account_id"],
        "frozen": account["frozen"],
        "balance": balance(account),
        "currency": account["currency"],
    }
