"""Seeds numbers: the plumber's twelve, the reseller's many with their subaccounts, and what is for sale."""

from ..demo import shops
from ..demo.places import AREAS, TOLLFREE
from . import inventory as stock
from . import seed_e911
from .dids import new_row
from .subaccounts import DEFAULTS

DAY = 86400
SMS = ["enable_sms"]


def add(builder, account, npa, name, options=("enable_sms",), subaccount="0", **more):
    dice = builder.dice
    number = builder.numbers.take(npa)
    activated = builder.now - dice.randrange(130, 2200) * DAY
    kind = "tollfree" if npa in TOLLFREE else "local"
    did = new_row(
        number,
        stock.place_fields(number[:3]),
        activated,
        type=kind,
        friendly_name=name,
        options=list(options),
        client_subaccount_id=str(subaccount),
        voice_language=account["language"],
    )
    did["client_did_id"] = builder.new_id("client_did")
    did.update(more)
    account["dids"][str(did["client_did_id"])] = did
    return did


def plumber(builder, account):
    lines = shops.LINES["plumbing"]
    builder.things(account, "peers", "peer", ("bureau", "camion1", "camion2", "camion3", "laval"))
    builder.things(account, "mailboxes", "mailbox", ("Bureau", "Urgences"))
    peers = [one["id"] for one in account["peers"]]
    boxes = [str(one["id"]) for one in account["mailboxes"]]
    mobile = builder.numbers.take("438")
    voice = ["enable_peer", "enable_voicemail"]
    setups = (
        (
            "514",
            [*voice, *SMS],
            {
                "client_peer_ids": peers[:2],
                "client_mailbox_id": boxes[0],
                "peer_timeout": "20",
                "peer_contact_mode": "simultaneous",
                "comments": "Numéro principal depuis 1998",
            },
        ),
        ("514", ["enable_forwarding", "enable_recording", *SMS], {"forward_number": mobile, "forward_timeout": "25"}),
        ("514", ["enable_peer", *SMS], {"client_peer_ids": peers[1:2]}),
        ("514", ["enable_peer", *SMS], {"client_peer_ids": peers[2:3]}),
        ("438", ["enable_peer", *SMS], {"client_peer_ids": peers[3:4]}),
        ("450", [*voice, *SMS], {"client_peer_ids": peers[4:5], "client_mailbox_id": boxes[0], "peer_timeout": "30"}),
        ("450", ["enable_forwarding", *SMS], {"forward_number": mobile}),
        (
            "514",
            ["enable_forwarding", *SMS, "enable_sms_email_notify"],
            {"forward_number": mobile, "sms_notify_email": account["email"]},
        ),
        ("514", ["enable_peer"], {"client_peer_ids": peers[:1], "sms_support": "0", "mms_support": "0"}),
        ("438", [*SMS, "enable_sms_autoreply"], {"sms_autoreply_message": "Merci! On vous répond dès 7 h 30."}),
        (
            builder.dice.choice(("833", "844", "855")),
            voice,
            {"client_peer_ids": peers[:2], "client_mailbox_id": boxes[1], "sms_support": "0", "mms_support": "0"},
        ),
        ("438", [], {"status": "disabled", "comments": "À libérer au printemps"}),
    )
    for name, (npa, options, more) in zip(lines, setups, strict=True):
        add(builder, account, npa, name, options, **more)
    first = next(iter(account["dids"].values()))
    account["preferences"]["callerid_number"] = first["phone_number"]
    # The pre-set answer would greet every old contact again; only the emergency-free line has it.
    for did in account["dids"].values():
        did["callerid_name_rewrite"] = "LACHANCE" if builder.seed == 1 and did["type"] == "local" else ""


def reseller(builder, account):
    for name in shops.LINES["it"]:
        add(builder, account, builder.dice.choice(shops.RESELLER.npas), name)
    for shop in shops.SUBACCOUNTS:
        customer(builder, account, shop)
    for i in range(26):  # kept in reserve, belonging to nobody yet
        npa = builder.dice.choice(list(AREAS))
        add(builder, account, npa, f"Réserve {i + 1}", options=(), date_activated=builder.now - (i + 1) * 3 * DAY)
    for npa in ("800", "866", "877"):
        add(builder, account, npa, f"Sans frais {npa}", options=(), sms_support="0", mms_support="0")


def customer(builder, account, shop):
    dice, name = builder.dice, shop.name(builder.seed)
    number = builder.new_id("subaccount")
    english = shop.french < 0.5
    sub = {k: list(v) if isinstance(v, list) else v for k, v in DEFAULTS.items()}
    sub.update(
        client_subaccount_id=number,
        friendly_name=name[:32],
        organization=name,
        organization_type="business",
        custom_id=f"C{dice.randrange(1000, 9999)}",
        call_limit=str(dice.choice((10, 20, 50))),
        multi_tenancy_mode="disabled",
        client_profile=shop.profile,
        status="enabled",
        voice_language="en" if english else "fr",
        notification_language="en" if english else "fr",
        callerid_name=name[:15].strip(),
        options=["enable_billing_module"],
        address={},
    )
    home = seed_e911.address(dice, shop.city)
    sub["address"] = {
        "client_address_id": str(builder.new_id("address")),
        "type": "billing",
        "unit_number": "0",
        **home,
    }
    account["subaccounts"][str(number)] = sub
    lines = shops.LINES[shop.trade]
    builder.things(account, "peers", "peer", lines[:3], str(number))
    builder.things(account, "mailboxes", "mailbox", lines[:1], str(number))
    builder.things(account, "extensions", "extension", lines[:2], str(number))
    peers = [one["id"] for one in account["peers"] if one["client_subaccount_id"] == str(number)]
    for i in range(dice.randrange(20, 26)):
        label = lines[i] if i < len(lines) else f"Poste {100 + i}" if not english else f"Ext {100 + i}"
        npa = shop.npas[0] if i < 3 else dice.choice(shop.npas)
        options = ["enable_peer", *SMS] if i < 12 else ["enable_peer"]
        add(
            builder,
            account,
            npa,
            label,
            options,
            number,
            client_peer_ids=[dice.choice(peers)],
            comments=shop.city if i == 0 else "",
        )
    sub["callerid_number"] = next(
        d["phone_number"] for d in account["dids"].values() if d["client_subaccount_id"] == str(number)
    )


def small(builder, account, shop, count):
    lines = shops.LINES[shop.trade]
    builder.things(account, "peers", "peer", lines[:2])
    for i in range(count):
        name = lines[i] if i < len(lines) else f"Line {i + 1}"
        add(
            builder,
            account,
            builder.dice.choice(shop.npas),
            name,
            ["enable_peer", *SMS],
            client_peer_ids=[account["peers"][0]["id"]],
        )


def inventory(builder):
    for npa in [*AREAS, *TOLLFREE]:
        tollfree = npa in TOLLFREE
        for _ in range(12 if npa in ("514", "438", "450", "416") else 8):
            number, did_id = builder.numbers.take(npa), builder.new_id("did")
            builder.state["inventory"][str(did_id)] = {
                "did_id": did_id,
                "phone_number": number,
                "type": "tollfree" if tollfree else "local",
                "npa": number[:3],
                "nxx": "555",
                **stock.place_fields(number[:3]),
                "t38_support": "1" if builder.dice.random() < 0.6 else "0",
                "sms_support": "0" if tollfree or builder.dice.random() < 0.15 else "1",
                "mms_support": "0" if tollfree else "1",
                "setup_fee": "1.00",
                "monthly_fee": "2.50" if tollfree else "1.25",
                "pattern": stock.pattern_of(number),
            }
