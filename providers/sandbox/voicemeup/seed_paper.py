"""Seeds faxes, directory listings, reported problems, and what a reseller's customers were charged."""

import datetime
import decimal
import random
from zoneinfo import ZoneInfo

from ..demo import papers, streets
from ..demo.places import AREAS
from . import catalogue, cdr
from .geo import STATE_BY_CODE, STATES, USA
from .seed_objects import add, main_line

FAXES = {"lachance": 44, "boreal": 90, "harbour": 16}
LISTED = ("lachance", "harbour")
MONTHS = 12
DAY = 86400
HANDSET, LINE = decimal.Decimal("14.95"), decimal.Decimal("3.50")


def fill(builder):
    builder.paper_dice = random.Random(f"voicemeup/paper/{builder.seed}")
    for key, account in builder.state["accounts"].items():
        faxes(builder, account, FAXES.get(key, 0))
        issues(builder, account)
        if key in LISTED:
            listing(builder, account)
    reselling(builder, builder.state["accounts"]["boreal"])


def faxes(builder, account, count):
    """A year of them; each has its call in the log, which stays in the order of time."""
    dice, profiles, calls = builder.paper_dice, account["fax_profiles"], []
    dids = {did["phone_number"]: did["client_did_id"] for did in account["dids"].values()}
    moments = sorted(int(builder.now - dice.uniform(0.2, 360) * DAY) for _ in range(count))
    for at in moments:
        profile = dice.choice(profiles)
        out, good, pages = dice.random() < 0.4, dice.random() < 0.94, min(9, 1 + int(dice.expovariate(0.6)))
        ours, other = profile["callerid_number"], f"{dice.choice(list(AREAS))}5550{dice.randrange(100, 199)}"
        file = f"{dice.getrandbits(128):032x}.{pages}.fax.pdf"
        call, seconds = builder.new_id("call"), 30 * pages if good else 0
        fax = add(
            builder,
            account,
            "faxes",
            "fax",
            call=call,
            client_fax_profile_id=str(profile["id"]),
            client_subaccount_id=profile["client_subaccount_id"],
            direction="outbound" if out else "inbound",
            source=ours if out else other,
            destination=other if out else ours,
            at=at,
            transmitted=at + seconds if good else None,
            pages=pages,
            size=papers.size(file),
            file=file,
            status="enabled",
            transmission_status="completed" if good else "failed",
            unique_id=str(at * 1000) if out else "",
        )
        if out and good:
            fax["billed_amount"] = str(decimal.Decimal("0.04") * pages)
        way, end = cdr.OUTBOUND if out else cdr.INBOUND, 0 if good else cdr.DISPOSITIONS.index("no_answer")
        owner = int(profile["client_subaccount_id"])
        calls.append([call, at, way, ours, other, dids.get(ours, 0), 0, owner, seconds, end, "", {"fax": fax["id"]}])
    account["calls"] = sorted([*account["calls"], *calls], key=lambda entry: entry[1])


def issues(builder, account):
    dice = builder.paper_dice
    recent = [entry for entry in account["calls"][-400:] if entry[8]]
    for entry in dice.sample(recent, min(3, len(recent))):
        number, english, french, _ = dice.choice(catalogue.ISSUE_TYPES)
        add(
            builder,
            account,
            "call_issues",
            "call_issue",
            call=entry[0],
            client_subaccount_id=str(entry[6]),
            issue_type_id=number,
            kayako_ticket_id="",
            comments=french if account["language"] == "fr" else english,
            status=dice.choice(("open", "in_progress", "resolved")),
            at=entry[1] + 1800,
        )


def listing(builder, account):
    street = next(one for one in streets.STREETS if one.street == account["address"]["street"])
    did, state_id = main_line(account), STATE_BY_CODE[street.state]
    country = STATES[state_id][2]
    words = account["organization"].replace(".", "").split()
    add(
        builder,
        account,
        "whitepages",
        "whitepage",
        client_did_id=did["client_did_id"],
        phone_number=did["phone_number"],
        provision_status="activated",
        status="enabled",
        plan=1,
        type="business",
        sort_word=words[0],
        sub_word=" ".join(words[1:]) or words[0],
        civic_number=account["address"]["civic_number"],
        street=street.street,
        city=street.city,
        state_code=street.state,
        state_id=state_id,
        country_code="US" if country == USA else "CA",
        country_id=country,
        postal_code=street.postal_code,
        address_type="",
        address_type_number="",
    )


def reselling(builder, account):
    """A bill on the first of each month for every customer, paid some days later; the last ones perhaps not yet."""
    zone, dice = ZoneInfo(account["time_zone"]), builder.paper_dice
    day = datetime.datetime.fromtimestamp(builder.now, zone).date().replace(day=1)
    firsts = [day]
    while len(firsts) < MONTHS:
        firsts.append((firsts[-1] - datetime.timedelta(days=1)).replace(day=1))
    for first in reversed(firsts):
        moment = datetime.datetime.combine(first, datetime.time(3), zone).timestamp()
        if moment > builder.now:
            continue
        for number in account["subaccounts"]:
            bill(builder, account, number, moment, first, moment + dice.randrange(2, 20) * DAY)


def bill(builder, account, number, moment, first, paid_at):
    lines = sum(did["client_subaccount_id"] == number for did in account["dids"].values())
    usage = decimal.Decimal(builder.paper_dice.uniform(8, 60)).quantize(decimal.Decimal("0.01"))
    amount = HANDSET + LINE * lines + usage
    paid = paid_at < builder.now
    add(
        builder,
        account,
        "reseller_invoices",
        "reseller_invoice",
        client_subaccount_id=number,
        at=moment,
        amount=str(amount),
        web_key=f"{builder.paper_dice.getrandbits(128):032x}",
        status="paid" if paid else "unpaid",
    )
    entries = [("invoice", f"Services {first:%Y-%m}", amount, moment)]
    if paid:
        entries.append(("payment", "Payment received", -amount, paid_at))
    for kind, what, value, at in entries:
        add(
            builder,
            account,
            "reseller_transactions",
            "reseller_transaction",
            client_subaccount_id=number,
            at=at,
            type=kind,
            description=what,
            amount=str(value),
        )
