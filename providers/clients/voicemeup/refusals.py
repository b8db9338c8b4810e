"""What VoiceMeUp's error codes mean: our error for each, and the cause that a page explains.

161 codes are documented, most of them a parameter's name with an ending. The ending says the cause; the rows below say
it where the ending would say it wrongly, or where there is none. (voicemeup.yaml: error_catalog)
"""

from providers.clients.errors import (
    AddressRejected,
    Cause,
    CredentialsRefused,
    NotFound,
    RateLimited,
    Rejected,
    Unclear,
    Unsupported,
    UpstreamError,
)

SOFT_LIMIT = "requests_soft_limit_reached"
HARD_LIMIT = "requests_hard_limit_exceeded"
ALTERNATES = "alternate_address_provided"
LAST_ENDPOINT = "last_endpoint_was_deleted"
# Said beside a success, and never a refusal by themselves. (voicemeup.yaml: error_notices)
NOTICES = frozenset((SOFT_LIMIT, "callerid_rejection_notice", "peer_excluded_from_sync", LAST_ENDPOINT))

Meant = tuple[type[UpstreamError], Cause]
_CREDENTIALS: Meant = (CredentialsRefused, Cause.CREDENTIALS)
_UNSUPPORTED: Meant = (Unsupported, Cause.UNSUPPORTED)
_FAILED: Meant = (Unclear, Cause.THEIR_FAULT)  # half of it may have been carried out
_TAKEN: Meant = (Rejected, Cause.TAKEN)
_NOT_NOW: Meant = (Rejected, Cause.NOT_NOW)
_FUNDS: Meant = (Rejected, Cause.FUNDS)
_ADDRESS: Meant = (AddressRejected, Cause.ADDRESS)

TABLE: dict[str, Meant] = {
    "auth_username_invalid": _CREDENTIALS,
    "auth_username_required": _CREDENTIALS,
    "authentication_failed": _CREDENTIALS,
    "authentication_token_required": _CREDENTIALS,
    "client_account_id_invalid": _CREDENTIALS,
    "client_account_id_required": _CREDENTIALS,
    HARD_LIMIT: (RateLimited, Cause.LIMIT),
    SOFT_LIMIT: (RateLimited, Cause.LIMIT),
    "request_type_invalid": _UNSUPPORTED,
    "request_type_not_implemented": _UNSUPPORTED,
    "request_type_required": _UNSUPPORTED,
    "internal_error-database_error": _FAILED,
    "socket_error": _FAILED,
    "could_not_send": _FAILED,
    "payment_attempt_failed": _FAILED,
    "internal_error-invalid_argument": (Rejected, Cause.INVALID),
    "required_parameter_not_found": (Rejected, Cause.MISSING),
    "password_mismatch": (Rejected, Cause.INVALID),
    "permission_refused": (Rejected, Cause.PERMISSION),
    "duplicate_entry": (Rejected, Cause.DUPLICATE),
    "extension_already_in_use": _TAKEN,
    "forward_number_used_by_did": _TAKEN,
    "peer_exist": _TAKEN,
    "peers_to_ring_limit_reached": (Rejected, Cause.INVALID),
    "global_callerid_infos_undefined": _NOT_NOW,
    "global_callerid_name_undefined": _NOT_NOW,
    "entry_is_default_endpoint": _NOT_NOW,
    "billing_contact_not_found": _NOT_NOW,
    "no_e911_endpoint_found": (NotFound, Cause.NOT_FOUND),
    "minimum_amount_required": _FUNDS,
    "payment_denied": _FUNDS,
    "currency_not_supported": (Rejected, Cause.UNSUPPORTED),
    ALTERNATES: _ADDRESS,
    "civic_number_not_found": _ADDRESS,
    "street_not_found": _ADDRESS,
    "city_not_found": _ADDRESS,
    "state_not_found": _ADDRESS,
    "country_not_found": _ADDRESS,
    "postal_code_not_found": _ADDRESS,
    "first_name_not_found": _ADDRESS,
    "last_name_not_found": _ADDRESS,
}
# How a name with an ending is meant. All of these are refusals: nothing was changed.
ENDINGS = {
    "_required": Cause.MISSING,
    "_invalid": Cause.INVALID,
    "_not_found": Cause.NOT_FOUND,
    "_limit_reached": Cause.NOT_NOW,  # as many as the account may have: something must go first
    "_dependency": Cause.TAKEN,
}
# What the value is for tells more than that it is wrong.
_STEMS = {
    "source": Cause.SOURCE,
    "source_number": Cause.SOURCE,
    "destination": Cause.DESTINATION,
    "destination_number": Cause.DESTINATION,
    "message": Cause.CONTENT,
    "attachment": Cause.FILE,
    "attachments": Cause.FILE,
    "loa": Cause.FILE,
    "bill": Cause.FILE,
    "other": Cause.FILE,
    "civic_number": Cause.ADDRESS,
    "street": Cause.ADDRESS,
    "city": Cause.ADDRESS,
    "postal_code": Cause.ADDRESS,
}


def refuses(code: str) -> bool:
    """Whether the code is a documented refusal, after which nothing was changed."""
    if code in NOTICES:
        return False
    if code in TABLE:
        return TABLE[code][0] is not Unclear
    return code.endswith(tuple(ENDINGS))


def means(code: str, error: type[UpstreamError]) -> bool:
    return code in TABLE and issubclass(TABLE[code][0], error)


def stem_of(code: str) -> str:
    """The parameter that a code is about, the code itself when it has no ending."""
    return next((code.removesuffix(ending) for ending in ENDINGS if code.endswith(ending)), code)


def cause_of(code: str) -> Cause:
    """Our word for the cause; UNKNOWN for a code that no document names."""
    if code in TABLE:
        return TABLE[code][1]
    ending = next((ending for ending in ENDINGS if code.endswith(ending)), "")
    if ending in ("_invalid", "_not_found") and stem_of(code) in _STEMS:
        return _STEMS[stem_of(code)]
    return ENDINGS.get(ending, Cause.UNKNOWN)
