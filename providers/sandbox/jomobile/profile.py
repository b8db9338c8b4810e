"""The account's own profile."""

from .desk import amount


def me(desk):
    account = desk.account
    return {
        "login": account["login"],
        "name": account["name"],
        "company_name": account["organization"],
        "e_mail": account["email"],
        "phone": int(account["phone"]),
        "currency": account["currency"],
        "balance_units": amount(account["balance"]),
        "balance_limit": amount(account["balance_limit"]),
        "balance_daily_block": False,
        "block": account["block"],
        "confirmed": account["confirmed"],
        "can_send_bulk": account["can_send"],
        "can_send_restapi": account["can_send"],
        "id_subparent": account["id_subparent"],
        "finance": {},
    }
