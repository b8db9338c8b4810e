"""What a request function has at hand: account, checked values, clock, and ways to leave a trace."""

import decimal
import hashlib

MICRO = decimal.Decimal("0.000001")
MONTHLY = {"did": "0.75", "sms": "0.20", "e911": "1.50"}  # dollars for each number
PORT_FEE = "7.00"


class Refusal(Exception):
    """The upstream's no: an HTTP status, a sentence, and what else the body holds."""

    def __init__(self, status, message=None, /, **body):
        super().__init__(f"{status} {message}")
        self.status = status
        self.body = {"message": message, **body} if message is not None else body


def not_yours(what="Unauthorized"):
    """The document answers 401 both for a bad key and for an object of somebody else."""
    return Refusal(401, what)


def settle(done, failed, names, messages):
    """The answer of a call that works through rows: all done, or 409 with both lists.

    `names` are the members for all, for the done and for the failed; `messages` those for all and for some.
    """
    if not failed:
        return {"message": messages[0], names[0]: done}
    raise Refusal(409, messages[1], **{names[1]: done or None, names[2]: failed})


class Desk:
    """`dry` is true when the answer is wanted and no trace: the request was stolen by a fault."""

    def __init__(self, upstream, account, call=None, values=None, dry=False):
        self.upstream, self.sandbox, self.account, self.call = upstream, upstream.sandbox, account, call
        self.values, self.dry = values or {}, dry
        self.state = upstream.state
        self.now = upstream.sandbox.clock.now()

    # -- money

    @property
    def cash(self):
        return decimal.Decimal(self.account["cash"])

    def covers(self, amount):
        return not self.sandbox.settings["charge"] or self.cash >= decimal.Decimal(amount)

    def charge(self, amount, what):
        """Take money from the account; every payment is an effect."""
        amount = decimal.Decimal(amount)
        if not self.sandbox.settings["charge"] or not amount:
            return
        self.account["cash"] = str((self.cash - amount).quantize(MICRO))
        self.effect("charged", what=what, amount=str(amount))

    # -- numbers

    def unlucky(self, rows, row):
        """Whether this row is the one left undone by the fault of that name: the last."""
        return self.call is not None and self.call.fault("partial_success") is not None and row is rows[-1]

    def own(self, number):
        """The row of a number of this account, or None."""
        return self.account["numbers"].get(number)

    def routes(self, account=None):
        return self.upstream.routes(account or self.account)

    # -- traces

    def effect(self, kind, **data):
        self.sandbox.world.touch()
        if self.dry:
            return None
        entry, key = self.call.entry if self.call else None, self.account["key"] if self.account else None
        return self.sandbox.journal.effect(self.now, self.upstream.slug, kind, key, data, entry)

    def schedule(self, due, kind, **data):
        if not self.dry:
            self.sandbox.schedule(due, self.upstream.slug, kind, data)

    def new_id(self, kind):
        self.state["ids"][kind] = self.state["ids"].get(kind, 700_000) + 1
        return self.state["ids"][kind]

    def digest(self, kind, *parts):
        """32 hex digits that are the same again for the same world."""
        return hashlib.md5(f"{kind}/{self.new_id(kind)}/{parts}".encode()).hexdigest()
