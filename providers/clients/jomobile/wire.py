"""What Jo Mobile is to the portal: capabilities, calls and credentials as data."""

from typing import ClassVar

from providers.clients.capability import Capability
from providers.clients.jomobile.tokens import GENERAL, Tokens


class Wire(Tokens):
    """Credentials: `username` and `password`, or an `access_token` made in the cabinet, or both. `access_token` and
    `access_token_expires` (Unix seconds) are also what the client offers in `learned`. Optional beside them:
    `callback_url` (where reports on our texts are posted), `legacy_base_url` of the old GET API, `time_zone` of the
    account's days (UTC), `deadline` of a call in seconds (20).
    """

    slug: ClassVar[str] = "jomobile"
    label: ClassVar[str] = "Jo Mobile"
    capabilities: ClassVar[frozenset[Capability]] = frozenset(
        (
            Capability.BALANCE,
            Capability.PRICES,
            Capability.MESSAGES,
            Capability.SEND_SMS,
            Capability.DELIVERY_REPORTS,
            Capability.OPT_OUTS,
            Capability.OPT_OUT_PUSH,
            Capability.CONTACTS,
        )
    )
    document: ClassVar[tuple[str, ...]] = (
        "authorize",
        "accesstoken",
        "me",
        "register",
        "send",
        "sms-full-data",
        "group",
        "group-create",
        "group-delete",
        "group-number-add",
        "group-number-search",
        "group-number-delete",
        "send-bulk",
        "black-list-add",
        "black-list-search",
        "black-list-delete",
        "replacement",
        "logout",
        "product-price",
        "account-price",
        "country-price",
        "country-by-continent",
    )
    siblings: ClassVar[tuple[str, ...]] = ("legacy-get-send", "legacy-get-replacement")
    buckets: ClassVar[dict[str, int]] = {GENERAL: 0}
    credential_fields: ClassVar[tuple[str, ...]] = ("username", "password")
    learns: ClassVar[tuple[str, ...]] = ("access_token", "access_token_expires")
    open_fields: ClassVar[tuple[str, ...]] = (
        "username",
        "access_token_expires",
        "time_zone",
        "deadline",
        "legacy_base_url",
    )
    secret_names: ClassVar[tuple[str, ...]] = ("X-Access-Token", "authorization_code", "access_token", "token")
    default_base_url: ClassVar[str] = "https://restapi.jomobile.online"
    texts_abroad: ClassVar[bool] = True
    webhook_methods: ClassVar[tuple[str, ...]] = ("POST", "GET")

    @classmethod
    def missing_credentials(cls, credentials: dict) -> list[str]:
        """A token stands for username and password."""
        return [] if credentials.get("access_token") else super().missing_credentials(credentials)
