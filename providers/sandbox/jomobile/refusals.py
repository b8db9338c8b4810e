"""The upstream's no: an HTTP status, and what is wrong by field, or one word for all of it."""


class Refusal(Exception):
    """`errors` maps fields to lists of sentences, or is a bare word."""

    def __init__(self, errors, status=400):
        super().__init__(str(errors))
        self.errors, self.status = errors, status


def by_field(field, sentence):
    return Refusal({field: [sentence]})


BAD_LOGIN = "Incorrect username or password."
UNAUTHORIZED = ("unauthorized", 401)
LIMITED = ("too_many_requests", 429)
BLOCKED = ("account_blocked", 403)
NO_MONEY = ("insufficient_balance", 400)
NO_PRICE = ("no_client_price", 400)
NO_ROUTE = ("no_active_aggregator", 400)
NO_SENDER = ("not_registr_originator", 400)
# fault of meaning: the word and status it refuses with; error_code brings its own
FAULTS = {
    "hard_limit": LIMITED,
    "authentication_failed": UNAUTHORIZED,
    "token_expired": UNAUTHORIZED,
    "account_disabled": BLOCKED,
    "insufficient_funds": NO_MONEY,
    "not_found": ("not_found", 404),
    "error_code": ("internal_error", 400),
}
