"""Price lists, by product, for the account, by country; and the countries themselves."""

from . import atlas, checks
from .checks import F
from .desk import amount

PRICES = (F("ISO", checks.text(4, 2)), F("MCC", checks.integer(1, 999)), F("MNC", checks.integer(0, 999)))
COUNTRY = PRICES[:2]
PRODUCTS = {"Standard": 108, "Premium": 131}  # per cent of the account's own price


def wanted(desk):
    """The countries asked for: all of them for `full` or nothing; one that is not sold is left out."""
    iso, mcc = (desk.values["ISO"] or "full").upper(), desk.values["MCC"]
    for country in atlas.COUNTRIES:
        if country.price is not None and iso in ("FULL", country.iso) and mcc in (None, country.mcc):
            yield country


def networks(desk):
    for country in wanted(desk):
        for network in country.networks:
            if desk.values["MNC"] in (None, network.mnc):
                yield country, network


def row(country, network=None, **more):
    shown = {"ISO": country.iso, "country": country.name, "MCC": country.mcc}
    return {**shown, **({"MNC": network.mnc, "network": network.name} if network else {}), **more}


def product_price(desk):
    currency = desk.account["currency"]
    return [
        {"product": product, **row(country, network, price=amount(country.price * share / 100), currency=currency)}
        for product, share in PRODUCTS.items()
        for country, network in networks(desk)
    ]


def account_price(desk):
    currency = desk.account["currency"]
    return [row(c, network, price=amount(c.price), currency=currency) for c, network in networks(desk)]


def country_price(desk):
    currency = desk.account["currency"]
    return [row(country, price=amount(country.price), currency=currency) for country in wanted(desk)]


def country_by_continent(desk):
    found = {}
    for country in atlas.COUNTRIES:
        found.setdefault(country.continent, []).append(row(country))
    return found
