"""The calls: which function serves which, by which method, and what it may be given."""

import dataclasses

from . import access, blacklist, groups, log, prices, profile, sending


@dataclasses.dataclass(frozen=True)
class Spec:
    """`items` tells a body that is a list of objects; `legacy` a query instead of a body."""

    function: object
    table: tuple = ()
    methods: tuple = ("POST",)
    read: bool = True
    open: bool = False  # needs no token
    items: bool = False
    legacy: bool = False


GET = ("GET",)
CALLS = {
    "authorize": Spec(access.authorize, access.AUTHORIZE, read=False, open=True),
    "accesstoken": Spec(access.access_token, access.ACCESS_TOKEN, read=False, open=True),
    "me": Spec(profile.me, methods=GET),
    "register": Spec(access.register, access.REGISTER, read=False, open=True),
    "send": Spec(sending.send, sending.ITEM, read=False, items=True),
    "sms-full-data": Spec(log.search, log.SEARCH),
    "group": Spec(groups.listing, groups.LIST),
    "group-create": Spec(groups.create, groups.CREATE, read=False),
    "group-delete": Spec(groups.delete, groups.DELETE, read=False),
    "group-number-add": Spec(groups.number_add, groups.ADD, read=False),
    "group-number-search": Spec(groups.number_search, groups.NUMBERS),
    "group-number-delete": Spec(groups.number_delete, groups.NUMBERS, read=False),
    "send-bulk": Spec(sending.send_bulk, sending.BULK, read=False),
    "black-list-add": Spec(blacklist.add, blacklist.NUMBERS, read=False),
    "black-list-search": Spec(blacklist.search, blacklist.NUMBERS),
    "black-list-delete": Spec(blacklist.delete, blacklist.NUMBERS, read=False),
    "replacement": Spec(sending.replacement, sending.PREVIEW, items=True),
    "logout": Spec(access.logout, methods=GET, read=False),
    "product-price": Spec(prices.product_price, prices.PRICES),
    "account-price": Spec(prices.account_price, prices.PRICES),
    "country-price": Spec(prices.country_price, prices.COUNTRY),
    "country-by-continent": Spec(prices.country_by_continent, methods=("POST", "GET")),
    "legacy-get-send": Spec(sending.send, sending.ITEM, methods=GET, read=False, legacy=True),
    "legacy-get-replacement": Spec(sending.replacement, sending.PREVIEW, methods=GET, legacy=True),
}
SERVED = tuple(CALLS)
LEGACY = {"send": "legacy-get-send", "replacement": "legacy-get-replacement"}  # by their path
