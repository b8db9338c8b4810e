"""Seeds what only some accounts have: fax and SMS profiles, queues, menus, ring plans, managed servers."""

from . import fax_profiles, pbx, queues, schedules, sms_profiles
from .seed_objects import add, main_line, of
from .subaccounts import id_of


def fill(builder):
    accounts = builder.state["accounts"]
    plumber(builder, accounts["lachance"])
    reseller(builder, accounts["boreal"])
    inn(builder, accounts["harbour"])


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
