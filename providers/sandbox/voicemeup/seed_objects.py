"""Seeds what every account is set up with: peers, mailboxes, extensions, channels, hours, telephones."""

import itertools
import random

from . import catalogue, channels, schedules
from .dids import folded

KINDS = (
    "call recording voicemail fax media_file channel queue queue_agent callerid_profile condition ivr_profile schedule "
    "call_director_profile device_endpoint pbx3cx_server whitepage call_issue secret order reseller_transaction "
    "reseller_invoice"
).split()
DAY = 86400
NINE_TO_FIVE = [{"status": "on", "days": "5"}, {"status": "off", "days": "2"}]
CHRISTMAS = '{"month12":{"day25":[{"start":"00:00:00","end":"23:59:59","type":"exception"}]}}'


def fill(builder):
    builder.object_dice = random.Random(f"voicemeup/objects/{builder.seed}")
    for kind in KINDS:
        builder.state["ids"][kind] = builder.object_dice.randrange(10_000, 60_000)
    for account in builder.state["accounts"].values():
        preferences = account["preferences"]
        preferences["callerid_number"] = preferences["callerid_number"] or main_line(account)["phone_number"]
        complete_peers(builder, account)
        complete_mailboxes(builder, account)
        media(builder, account)
        complete_extensions(builder, account)
        office(builder, account)
        telephones(builder, account)


def main_line(account, owner="0"):
    """The number that a customer is known by."""
    lines = (did for did in account["dids"].values() if str(did["client_subaccount_id"]) == str(owner))
    return next(did for did in lines if did["status"] == "enabled")


def owners(account):
    """The account itself and its subaccounts, as far as they have peers."""
    return sorted({str(peer["client_subaccount_id"]) for peer in account["peers"]})


def of(things, owner):
    return [one for one in things if str(one["client_subaccount_id"]) == str(owner)]


def add(builder, account, store, kind, **values):
    """A thing with an id; what it has to say beyond the defaults of its sort."""
    thing = {"id": builder.new_id(kind), "client_subaccount_id": "0", **values}
    account.setdefault(store, []).append(thing)
    return thing


def complete_peers(builder, account):
    dice, names = builder.object_dice, set()
    for peer in account["peers"]:
        stem = "".join(c for c in folded(peer["name"]) if c.isascii() and c.isalnum())[:12] or "poste"
        username = next(n for n in (f"{account['key'][:6]}{stem}{i}" for i in itertools.count(1)) if n not in names)
        names.add(username)
        number = main_line(account, peer["client_subaccount_id"])["phone_number"]
        proxy = dice.choice(catalogue.PROXIES)
        peer.update(
            username=username,
            peer_username=username,
            password=f"{dice.getrandbits(48):012x}",
            friendly_name=peer["name"][:32],
            registered="1" if dice.random() < 0.93 else "0",
            proxy_id=str(proxy["proxy_id"]),
            proxy_host=proxy["hostname"],
            callerid_mode="custom" if dice.random() < 0.3 else "global",
            callerid_name=account["preferences"]["callerid_name"][:15],
            callerid_number=number,
            enable_nat="1",
            register_timeout="3600",
            progress_timeout="5",
            enable_recording="1" if peer["name"] == "Intake" else "0",
            excluded="0",
        )


def complete_mailboxes(builder, account):
    if not account["mailboxes"]:
        name = "Messages" if account["language"] == "fr" else "Front desk"
        builder.things(account, "mailboxes", "mailbox", (name,))
    for i, box in enumerate(account["mailboxes"]):
        box.update(
            friendly_name=box["name"][:32],
            passcode=f"{builder.object_dice.randrange(10_000):04d}",
            email=account["email"],
            enable_mail_notification="1",
            contact_name=f"{account['first_name']} {account['last_name']}",
            is_default="1" if i == 0 else "0",
        )


def media(builder, account):
    french = account["language"] == "fr"
    names = (
        ("Accueil", "Annonce d'enregistrement", "Hors des heures")
        if french
        else ("Welcome", "Recording notice", "Closed")
    )
    for folder, name in zip("122", names, strict=True):
        seconds = builder.object_dice.randrange(5, 25)
        add(
            builder,
            account,
            "media_files",
            "media_file",
            client_media_folder_id=folder,
            friendly_name=name,
            duration=str(seconds),
            size=str(44 + 8000 * seconds),
            file=f"{builder.object_dice.getrandbits(128):032x}.{seconds}.media.wav",
            at=int(builder.now - builder.object_dice.randrange(100, 900) * DAY),
        )


def complete_extensions(builder, account):
    if not account["extensions"]:
        names = [peer["name"] for peer in account["peers"]]
        builder.things(account, "extensions", "extension", names)
    for i, extension in enumerate(account["extensions"]):
        owner = extension["client_subaccount_id"]
        peers, boxes = of(account["peers"], owner), of(account["mailboxes"], owner)
        extension.update(
            extension=str(1001 + i),
            friendly_name=extension["name"][:32],
            client_peer_ids=[peers[i % len(peers)]["id"]] if peers else [],
            enable_peer="1" if peers else "0",
            peer_timeout="20",
            client_mailbox_id=str(boxes[0]["id"]) if boxes else "",
            enable_voicemail="1" if boxes else "0",
            voice_language=account["language"],
        )


def office(builder, account):
    """Channels, opening hours."""
    most = {"lachance": "10", "boreal": "100"}.get(account["key"], "4")
    amounts = dict.fromkeys(channels.QUANTITIES, most)
    add(builder, account, "channels", "channel", friendly_name=channels.SYSTEM, **amounts)
    name = "Heures d'ouverture" if account["language"] == "fr" else "Office hours"
    zones = {zone: str(number) for number, zone in schedules.TIME_ZONES.items()}
    values = {**schedules.SCHEDULE_DEFAULTS, "friendly_name": name, "time_zone_id": zones[account["time_zone"]]}
    values.update(range_date="weekly", shift_start_date="2024-01-01", business_hours=CHRISTMAS, shift=NINE_TO_FIVE)
    add(builder, account, "schedules", "schedule", **values)


def telephones(builder, account):
    dice = builder.object_dice
    for owner in owners(account)[:4]:
        for peer in of(account["peers"], owner)[:3]:
            extension = next((e for e in account["extensions"] if e.get("client_peer_ids") == [peer["id"]]), None)
            add(
                builder,
                account,
                "device_endpoints",
                "device_endpoint",
                client_subaccount_id=owner,
                friendly_name=peer["friendly_name"],
                device_id=str(dice.choice(catalogue.DEVICES)["device_id"]),
                device_name=peer["friendly_name"],
                client_peer_ids=[f"{peer['id']}|{peer['friendly_name']}"],
                client_extension_id=str(extension["id"]) if extension else "",
                device_mac=f"001565{dice.getrandbits(24):06X}",
                timezone_id=account["time_zone"],
                admin_password=f"{dice.getrandbits(32):08x}",
                language=account["language"],
                is_time_format24h="1" if account["language"] == "fr" else "0",
            )
