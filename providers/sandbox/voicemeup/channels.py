"""Groups of channels: how many calls at once, in and out. A row named System stands for all there are."""

from . import checks
from .checks import P
from .things import Kind, deleting, listing, saving, shelf, updating

GET_CHANNELS = (P("client_channel_id", checks.integer(1)),)
DELETE_CHANNEL = (P("client_channel_id", checks.integer(1), required=True),)
quantity = checks.integer(0, 999)
QUANTITIES = ("quantity_inbound", "quantity_outbound", "quantity_bidirectional")
UPDATE_CHANNEL = (
    P("mode", checks.enum("update", "create")),
    P("client_channel_id", checks.integer(1), need=updating),
    P("friendly_name", checks.alphanumeric(2, 32), required=True),
    *(P(name, quantity, required=True) for name in QUANTITIES),
)
SYSTEM = "System"


def check(desk, wanted, old):
    if old and old["friendly_name"] == SYSTEM:
        return ["client_channel_id_invalid"]
    if wanted["friendly_name"] == SYSTEM:
        return ["friendly_name_invalid"]
    system = next((one for one in shelf(desk.account, "channels") if one["friendly_name"] == SYSTEM), None)
    return [f"{name}_invalid" for name in QUANTITIES if system and int(wanted[name]) > int(system[name])]


def gone(desk, channel):
    """The system's own group cannot go."""
    return ["client_channel_id_invalid"] if channel["friendly_name"] == SYSTEM else []


CHANNELS = Kind(
    store="channels",
    thing="channel",
    id_field="client_channel_id",
    wrapper="channels",
    defaults={"friendly_name": "", **dict.fromkeys(QUANTITIES, "0")},
    check=check,
    gone=gone,
)
get_channels, update_channel = listing(CHANNELS), saving(CHANNELS)
_delete = deleting(CHANNELS)


def delete_channel(desk):
    """What used the group falls back to none."""
    answer, number = _delete(desk), str(desk.values["client_channel_id"])
    users = [*desk.account["dids"].values(), *shelf(desk.account, "peers")]
    for user in users:
        if str(user.get("client_channel_id", "0")) == number:
            user["client_channel_id"] = "0"
    return answer
