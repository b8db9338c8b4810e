"""A fax as the log shows it."""

from . import cdr, phones


def hash_of(desk, fax):
    return cdr.hash_of(desk.account["client_account_id"], fax["call"])


def values_of(desk, fax):
    """A row of the log, which is also what a callback says."""
    stamp = desk.stamp(fax["at"])
    return {
        "call_fax_id": fax["id"],
        "call_hash": hash_of(desk, fax),
        "client_fax_profile_id": fax["client_fax_profile_id"],
        "client_subaccount_id": fax["client_subaccount_id"],
        "direction": fax["direction"],
        "source_number": phones.shown(fax["source"]),
        "destination_number": phones.shown(fax["destination"]),
        "date": stamp[:10],
        "time": stamp[11:],
        "pages": fax["pages"],
        "size": fax["size"],
        "url": desk.upstream.file_url(fax["file"]) if fax["file"] and fax["status"] == "enabled" else "",
        "status": fax["status"],
        "transmission_status": fax["transmission_status"],
        "unique_id": fax.get("unique_id", ""),
        "name_from": fax.get("name_from", ""),
        "email_from": fax.get("email_from", ""),
        "page_format": fax.get("page_format", "letter"),
        "resolution": fax.get("resolution", "standard"),
        "retry_count": fax.get("retry_count", 0),
        "retry_limit": fax.get("retry_limit", 0),
        "datetime_scheduled": desk.stamp(fax.get("scheduled")),
        "datetime_transmission": desk.stamp(fax.get("transmitted")),
        "billed_amount": f"{desk.amount(fax.get('billed_amount', '0')):.4f}",
    }
