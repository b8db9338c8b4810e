"""Changes of a 911 address that nobody could be sure of, settled by a listing that came home later (E3, R25)."""

from django.db.models import OuterRef, Subquery

from numbering.models import EmergencyChange, EmergencyEndpoint
from numbering.upstream.places import agree
from providers.models import Connection

State = EmergencyChange.State


def settle(connection: Connection) -> None:
    """Compare what was asked with what is listed. What is still as it was before stays unknown: a lost request may come
    true late, so a person decides."""
    newest = EmergencyChange.objects.filter(number=OuterRef("number")).order_by("-id").values("pk")[:1]
    doubted = EmergencyChange.objects.filter(
        pk=Subquery(newest), number__connection=connection, state__in=[State.UNKNOWN, State.DIFFERS]
    )
    for change in doubted.select_related("number", "operation"):
        if not (change.operation and change.operation.is_open):
            _settle(connection, change)


def _settle(connection: Connection, change: EmergencyChange) -> None:
    listed = EmergencyEndpoint.objects.filter(connection=connection, number=change.number.number, gone_at=None)
    endpoint = listed.order_by("-confirmed_at").first()
    told = endpoint.address if endpoint else {}
    state = _of_removal(change, endpoint) if change.removal else _of_save(change, endpoint)
    if state and (state != change.state or told != change.read_back):
        change.state, change.read_back = state, told
        change.save(update_fields=["state", "read_back", "changed_at"])


def _of_removal(change: EmergencyChange, endpoint: EmergencyEndpoint | None) -> str:
    if endpoint is None:
        return State.REMOVED
    return State.DIFFERS if endpoint.confirmed_at > change.created_at else ""


def _of_save(change: EmergencyChange, endpoint: EmergencyEndpoint | None) -> str:
    if endpoint is None:
        return ""
    if endpoint.provisioned and agree(change.wanted, endpoint.address):
        return State.PROVISIONED
    is_new = not change.before or not agree(change.before, endpoint.address)
    return State.DIFFERS if is_new else ""
