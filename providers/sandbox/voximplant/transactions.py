"""The ledger."""

from . import history, wire
from .accounts import with_children
from .applications import app_of
from .desk import exact
from .making import full_name
from .refusals import Refusal
from .spec import reads

FILTERS = (
    "from_date:time to_date:time application_id:int|application_name subscription_id:ints subscription_name:words "
    "resource_type:words use_accounting_dates:bool transaction_id:ints transaction_type:words user_id:ints "
    "child_account_id:ints children_transactions_only:bool users_transactions_only:bool desc_order:bool "
    "is_uncommitted:bool with_header:bool count:int offset:int price_group_name:words"
)
KINDS = frozenset(
    """
    gift_revoke resource_charge money_distribution subscription_charge subscription_installation_charge
    card_periodic_payment card_overrun_payment card_payment rub_card_periodic_payment rub_card_overrun_payment
    rub_card_payment robokassa_payment gift promo adjustment wire_transfer us_wire_transfer refund discount mgp_charge
    mgp_startup mgp_business mgp_big_business mgp_enterprise mgp_large_enterprise techsupport_charge tax_charge
    monthly_fee_charge grace_credit_payment grace_credit_provision mau_charge mau_overrun im_charge im_overrun
    fmc_charge sip_registration_charge development_fee money_transfer_to_child money_transfer_to_parent
    money_acceptance_from_child money_acceptance_from_parent phone_number_installation phone_number_charge
    toll_free_phone_number_installation toll_free_phone_number_charge services user_money_transfer paypal_payment
    paypal_overrun_payment paypal_periodic_payment
    """.split()
)
EXTENDED = ("application_id", "application_name", "subscription_id", "resource_type", "price_group_name", "user_id")


def chosen(desk):
    """(row, account) of the transactions asked for. Holds are nothing this world has."""
    if not set(desk.get("transaction_type", [])) <= KINDS:
        raise Refusal(209, "transaction_type")
    app_of(desk, needed=False)
    rows = []
    for account in with_children(desk, "children_transactions_only"):
        rows += [{**row, "account": account} for row in account["transactions"]]
    if desk.get("is_uncommitted") or desk.get("users_transactions_only"):
        rows = []
    rows = desk.matching(
        history.within(desk, rows),
        *("transaction_id", "subscription_id", "resource_type", "user_id", "application_id"),
        transaction_type="kind",
    )
    name = desk.get("application_name")
    return [row for row in rows if name is None or row.get("application_name") == full_name(desk.account, name)]


def view(desk, row):
    """TransactionInfo; the account's number is a text here."""
    shown = {
        "transaction_id": row["transaction_id"],
        "account_id": str(row["account"]["account_id"]),
        "performed_at": wire.moment(row["at"], desk.zone),
        "amount": exact(row["amount"]),
        "currency": row["account"]["currency"],
        "transaction_type": row["kind"],
        "transaction_description": row["description"],
    }
    if desk.get("with_extended_info"):
        shown |= {name: row[name] for name in EXTENDED if row.get(name) is not None}
    return shown


def get_transaction_history(desk):
    rows = [view(desk, row) for row in chosen(desk)]
    return history.counted(desk, desk.page(rows, most=history.MOST, farthest=history.FARTHEST))


def as_table(desk):
    rows = [view(desk, row) for row in history.paged(desk, chosen(desk))]
    return rows, ("transaction_id", "performed_at", "transaction_type", "amount", "currency", "transaction_description")


CALLS = {
    "GetTransactionHistory": reads(
        f"{FILTERS} with_extended_info:bool is_async:bool output decimal_separator with_total_count:bool",
        get_transaction_history,
    ),
}
