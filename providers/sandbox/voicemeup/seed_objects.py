"""Seeds what accounts are set up with: peers, mailboxes, extensions, queues, menus, telephones and more."""

import itertools
import random

from . import catalogue, channels, fax_profiles, pbx, queues, schedules, sms_profiles
from .dids import folded
from .subaccounts import id_of

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
    plumber(builder, builder.state["accounts"]["lachance"])
    reseller(builder, builder.state["accounts"]["boreal"])
    inn(builder, builder.state["accounts"]["harbour"])


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


def fax_profile(builder, account, name, number, owner="0"):
    values = {**fax_profiles.DEFAULTS, "friendly_name": name, "callerid_number": number, "client_subaccount_id": owner}
    sub = account["subaccounts"].get(owner)
    shown = (sub or account)["organization"]
    values.update(
        local_ident=shown[:20].strip(),
        fax_header=shown[:20].strip(),
        callerid_name=shown[:15].strip(),
        contact_name=f"{account['first_name']} {account['last_name']}",
        email=account["email"],
        language=account["language"],
        allowed_senders=[account["email"]],
        options=["inbound_completed_notification", "outbound_failed_notification"],
    )
    return add(builder, account, "fax_profiles", "profile", **values)


def queue(builder, account, name, peers, owner="0"):
    agents = []
    for peer in peers:
        values = {**queues.AGENT_DEFAULTS, "friendly_name": peer["friendly_name"], "client_peer_id": str(peer["id"])}
        values.update(client_subaccount_id=owner, agent_status="online")
        agents.append(add(builder, account, "queue_agents", "queue_agent", **values)["id"])
    values = {**queues.QUEUE_DEFAULTS, "friendly_name": name, "agents": agents, "client_subaccount_id": owner}
    return add(builder, account, "queues", "queue", **values)


def menu(builder, account, name, owner="0"):
    values = {**schedules.IVR_DEFAULTS, "friendly_name": name, "options": ["enable_directory"]}
    values.update(client_subaccount_id=owner, default_language=account["language"])
    values["client_office_hour_id"] = str(account["schedules"][0]["id"])
    return add(builder, account, "ivr_profiles", "ivr_profile", **values)


def plumber(builder, account):
    lines = {did["friendly_name"]: did for did in account["dids"].values()}
    fax_profile(builder, account, "Télécopie du bureau", lines["Comptabilité"]["phone_number"])
    queue(builder, account, "Urgences", account["peers"][1:4])
    menu(builder, account, "Accueil")
    add(
        builder,
        account,
        "channels",
        "channel",
        friendly_name="Bureau",
        quantity_inbound="2",
        quantity_outbound="2",
        quantity_bidirectional="4",
    )
    ring = {"usage_type": "peer", "offset": "0", "duration": "20", "client_peer_id": str(account["peers"][1]["id"])}
    then = {
        "usage_type": "forward",
        "offset": "20",
        "duration": "30",
        "forward_number": lines["Rive-Sud"]["forward_number"],
    }
    add(
        builder,
        account,
        "directors",
        "call_director_profile",
        friendly_name="Garde de nuit",
        status="enabled",
        comments="Marc d'abord",
        action=[ring, then],
    )
    caller_id(builder, account, lines["Bureau"], lines["Ligne Laval"])


def caller_id(builder, account, main, other):
    condition = {
        "client_callerid_profile_data_id": str(builder.new_id("condition")),
        "client_did_id": str(other["client_did_id"]),
        "privacy": "keep",
        "destination_number": other["npa"],
        "match_methods": ["destination_number_match"],
        "order_index": "0",
    }
    add(
        builder,
        account,
        "callerid_profiles",
        "callerid_profile",
        friendly_name="Par indicatif",
        callerid_name=account["preferences"]["callerid_name"],
        client_did_ids=[id_of("dids", main), id_of("dids", other)],
        default_client_did_id=str(main["client_did_id"]),
        callerid_number=main["phone_number"],
        status="enabled",
        conditions_data=[condition],
    )


def reseller(builder, account):
    fax_profile(builder, account, "Télécopie", main_line(account)["phone_number"])
    by_trade = {sub["organization"]: str(number) for number, sub in account["subaccounts"].items()}
    law = list(by_trade.values())[1]
    fax_line = next(
        did for did in account["dids"].values() if (did["client_subaccount_id"], did["friendly_name"]) == (law, "Fax")
    )
    fax_profile(builder, account, "Law office fax", fax_line["phone_number"], law)
    queue(builder, account, "Intake", of(account["peers"], law)[:2], law)
    for owner in list(by_trade.values())[:3]:
        menu(builder, account, "Menu principal" if owner != law else "Main menu", owner)
    account["peers"][-1]["excluded"] = "1"
    servers(builder, account, list(by_trade.items())[4:6])
    text_profile(builder, account, "Textos des clients", account["email"])


def servers(builder, account, customers):
    for i, (name, owner) in enumerate(customers):
        values = {**pbx.DEFAULTS, "friendly_name": f"PBX {name}"[:32].strip(), "client_subaccount_id": owner}
        values.update(
            level=str(1 + i),
            server_fqdn=f"pbx{i + 1}.{account['key']}.example",
            is_connection_allowed="1",
            server_name=f"pbx{i + 1}",
            server_password=f"{builder.object_dice.getrandbits(48):012x}",
            license_key=f"DEMO-{builder.object_dice.randrange(1000, 9999)}-{builder.object_dice.randrange(1000, 9999)}",
            product_edition="Professional",
            product_simultaneous_calls="16",
            options=["sync_calls", "sync_backups"],
            monitoring_status="enabled",
            subscribed_monitoring=["system", "trunks", "backup"],
            alert_status="enabled",
            subscribed_alerts=["connectivity", "trunks"],
            alert_recipients=[account["email"]],
        )
        add(builder, account, "pbx3cx_servers", "pbx3cx_server", **values)


def text_profile(builder, account, name, email):
    values = {**sms_profiles.DEFAULTS, "friendly_name": name, "language": account["language"], "notify_email": email}
    values.update(
        options=["inbound_completed_notification"], notify_name=f"{account['first_name']} {account['last_name']}"
    )
    return add(builder, account, "sms_profiles", "profile", **values)


def inn(builder, account):
    fax_profile(builder, account, "Front desk fax", main_line(account)["phone_number"])
    text_profile(builder, account, "Guest texts", account["email"])
    menu(builder, account, "After hours")
