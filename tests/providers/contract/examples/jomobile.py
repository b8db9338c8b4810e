"""Jo Mobile: an example of each call, in the document's order, then of the two old ones."""

from datetime import date, timedelta

from providers.clients.jomobile.sending import OutgoingText, PackageResult
from providers.clients.records import (
    AccountRecord,
    BalanceRecord,
    ContactGroupRecord,
    ContactRecord,
    CreatedAccountRecord,
    MessageRecord,
    OptOutRecord,
    PlaceRecord,
    PriceRecord,
    ResourceRecord,
    SentMessage,
)
from tests.providers.contract import example
from tests.providers.contract.example import Example, give, nothing, one, rows, text

OUTSIDE, SECOND = "+14685550101", "+14685550102"
TEXT = OutgoingText(numbers=(OUTSIDE, SECOND), sender="LACHANCE", body="½ price")
SINGLE = OutgoingText(numbers=(OUTSIDE,), sender="LACHANCE", body="½ price")
CONTACT = ContactRecord(external_id="", number=OUTSIDE, name="Ana", birthday=date(1990, 5, 17))


class Stage(example.Stage):
    @property
    def group(self) -> str:
        """A new one, with a contact."""
        made = self.client.create_group("Promo").external_id
        self.client.add_contacts(made, [CONTACT])
        return made


def black_listed(stage):
    stage.client.add_opt_out(OUTSIDE)
    return give([OUTSIDE, SECOND])


EXAMPLES = (
    Example("authorize", "authorize", text),
    Example("accesstoken", "exchange", text, lambda s: give(s.client.authorize())),
    Example("me", "me", one(dict)),
    Example("me", "account", one(AccountRecord, organization="Plomberie Lachance inc.")),
    Example("me", "balance", one(BalanceRecord)),
    Example(
        "register",
        "register",
        one(CreatedAccountRecord, external_id="newshop"),
        give("newshop", "long-enough-1", "Ana Pop", SECOND, "ana@shop.example", organization="Shop"),
    ),
    Example("send", "send_message", one(SentMessage), give("LACHANCE", OUTSIDE, "On our way")),
    Example("send", "send_package", rows(PackageResult, 2, problem=None), give([TEXT])),
    Example("sms-full-data", "messages", rows(MessageRecord, 5), lambda s: give(s.client.today() - timedelta(days=6))),
    Example("group", "groups", rows(ContactGroupRecord, 2)),
    Example("group", "group", one(ContactGroupRecord, name="Promo"), lambda s: give(s.group)),
    Example("group-create", "create_group", one(ContactGroupRecord, name="Hiver"), give("Hiver")),
    Example("group-delete", "delete_groups", rows(str), lambda s: give([s.group])),
    Example("group-number-add", "add_contacts", one(ContactGroupRecord, size=1), lambda s: give(s.group, [CONTACT])),
    Example(
        "group-number-search", "find_contacts", rows(ContactRecord, number=OUTSIDE), lambda s: give(s.group, [OUTSIDE])
    ),
    Example(
        "group-number-delete",
        "remove_contacts",
        rows(ContactRecord, number=OUTSIDE),
        lambda s: give(s.group, [OUTSIDE]),
    ),
    Example("send-bulk", "send_bulk", one(SentMessage), lambda s: give("LACHANCE", "Hi #first_name#", [s.group])),
    Example("black-list-add", "add_opt_out", nothing, give(OUTSIDE)),
    Example("black-list-search", "black_listed", rows(OptOutRecord, number=OUTSIDE), black_listed),
    Example("black-list-delete", "remove_opt_out", nothing, lambda s: black_listed(s) and give(OUTSIDE)),
    Example("replacement", "preview", rows(ResourceRecord), give([SINGLE])),
    Example("logout", "logout", nothing),
    Example("product-price", "product_prices", rows(PriceRecord), give("CA")),
    Example("account-price", "account_prices", rows(PriceRecord), give("CA")),
    Example("country-price", "country_prices", rows(PriceRecord)),
    Example("country-by-continent", "countries", rows(PlaceRecord, 10)),
    Example("legacy-get-send", "legacy_send", one(SentMessage), give(SINGLE)),
    Example("legacy-get-replacement", "legacy_preview", rows(ResourceRecord), give(OUTSIDE, "LACHANCE", "½")),
)
