"""Seeds a year of calls, with recordings of some and messages of callers whom nobody answered."""

import datetime
import hashlib
import itertools
import random
import uuid
from zoneinfo import ZoneInfo

from ..demo import people
from ..demo.places import AREAS
from . import cdr, recordings, voicemails
from .cdr import Cdr
from .things import shelf

DAYS = 365
A_YEAR = {"lachance": 2600, "boreal": 4200, "velo": 520, "harbour": 780}
OUTBOUND_SHARE = {"lachance": 0.42, "boreal": 0.45, "velo": 0.3, "harbour": 0.35}
RECORDED_DAYS, MESSAGE_DAYS = 90, 60
ANSWERED, BUSY, FAILED, NO_ANSWER, CANCELLED = range(5)
INBOUND_ENDS = (ANSWERED,) * 39 + (NO_ANSWER,) * 7 + (BUSY,) * 2 + (CANCELLED,) * 2
OUTBOUND_ENDS = (ANSWERED,) * 37 + (NO_ANSWER,) * 8 + (BUSY,) * 3 + (FAILED, CANCELLED)
# reserved for films and the like, so nobody's
ABROAD = ("33199001234", "33199007788", "441632960123", "441632960987", "33261911234")
DAY = 86400


def fill(builder):
    builder.call_dice = random.Random(f"voicemeup/calls/{builder.seed}")
    for key, wanted in A_YEAR.items():
        account = builder.state["accounts"][key]
        teller = Teller(builder, account)
        rows = sorted(itertools.islice(teller.year(wanted), wanted * 2))
        account["calls"] = [[builder.new_id("call"), *row] for row in rows]
        account["traffic_until"] = builder.now
        keep_recordings(builder, account)
        keep_messages(builder, account)


class Teller:
    """Makes up the calls of one account: its lines, its callers, and who is called."""

    def __init__(self, builder, account):
        self.dice, self.now, self.account = builder.call_dice, builder.now, account
        self.zone = ZoneInfo(account["time_zone"])
        self.lines = [did for did in account["dids"].values() if did["status"] == "enabled"]
        first_of = {}
        for did in self.lines:
            first_of.setdefault(did["client_subaccount_id"], did)
        self.mains = first_of
        self.weights = list(itertools.accumulate(weights(self.lines)))
        self.books = {did["client_did_id"]: [] for did in self.lines}
        self.own = {did["phone_number"] for did in self.lines}
        self.fill_books()

    def fill_books(self):
        """Who texts a line also calls it; others call the lines too."""
        dice = self.dice
        for sms in self.account["sms"]:
            other = sms["source"] if sms["direction"] == "inbound" else sms["destination"]
            book = self.books.get(sms["client_did_id"])
            if book is not None and len(book) < 40 and all(other != number for number, _ in book):
                book.append((other, self.named()))
        for did in self.lines:
            book, npa = (
                self.books[did["client_did_id"]],
                did["npa"] if did["npa"] in AREAS else dice.choice(list(AREAS)),
            )
            for _ in range(6):
                number = f"{npa}5550{dice.randrange(100, 199)}"
                if number not in self.own:
                    book.append((number, self.named()))

    def named(self):
        """As a telephone shows it; some callers show nothing."""
        if self.dice.random() < 0.12:
            return ""
        language = self.account["language"]
        return f"{people.last(self.dice, language)} {people.first(self.dice, language)[0]}".upper()[:15]

    def year(self, wanted):
        """Rows without their ids, day by day."""
        today = datetime.datetime.fromtimestamp(self.now, self.zone).date()
        a_weekday = wanted / (DAYS / 7 * 5.5)
        for back in range(DAYS, -1, -1):
            day = today - datetime.timedelta(days=back)
            midnight = datetime.datetime.combine(day, datetime.time(), self.zone).timestamp()
            busy = a_weekday * (0.25 if day.weekday() > 4 else 1) * (1.15 - 0.3 * back / DAYS)
            for _ in range(int(busy * self.dice.uniform(0.6, 1.4) + self.dice.random())):
                moment = int(midnight + self.dice.triangular(7.2, 20.5, 10.5) * 3600)
                if moment < self.now - 300:
                    yield self.call(moment)

    def call(self, moment):
        dice = self.dice
        did = dice.choices(self.lines, cum_weights=self.weights)[0]
        if dice.random() < OUTBOUND_SHARE[self.account["key"]]:
            return self.outbound(did, moment)
        number, name = dice.choice(self.books[did["client_did_id"]])
        return self.row(moment, cdr.INBOUND, did, number, dice.choice(INBOUND_ENDS), name)

    def outbound(self, did, moment):
        dice, roll = self.dice, self.dice.random()
        main = self.mains[did["client_subaccount_id"]]
        if roll < 0.012:
            number = dice.choice(ABROAD)
        elif roll < 0.018:
            number = "411"
        elif roll < 0.045:
            number = f"{dice.choice(('800', '866', '877'))}5550{dice.randrange(100, 199)}"
        else:
            number = dice.choice(self.books[did["client_did_id"]])[0]
        caller = main if dice.random() < 0.7 else did
        return self.row(moment, cdr.OUTBOUND, caller, number, dice.choice(OUTBOUND_ENDS), "", did)

    def row(self, moment, direction, did, number, end, name, rung=None):
        seconds = min(3600, 6 + int(self.dice.expovariate(1 / 140))) if end == ANSWERED else 0
        peers = (rung or did)["client_peer_ids"]
        peer = peers[moment % len(peers)] if peers else 0
        sub = int(did["client_subaccount_id"] or 0)
        return [
            moment,
            direction,
            did["phone_number"],
            number,
            did["client_did_id"],
            peer,
            sub,
            seconds,
            end,
            name,
            None,
        ]


def weights(lines):
    """The first lines of each customer ring most."""
    seen, found = {}, []
    for did in lines:
        place = seen[did["client_subaccount_id"]] = seen.get(did["client_subaccount_id"], 0) + 1
        found.append(1 / place)
    return found


def uuid_of(builder, account, kind, number):
    digest = hashlib.md5(f"{account['key']}/{builder.seed}/{kind}/{number}".encode()).digest()
    return str(uuid.UUID(bytes=digest, version=4))


def keep_recordings(builder, account):
    recorded = {did["client_did_id"] for did in account["dids"].values() if "enable_recording" in did["options"]}
    peers = {peer["id"] for peer in account["peers"] if peer.get("enable_recording") == "1"}
    since = builder.now - RECORDED_DAYS * DAY
    for entry in account["calls"]:
        call = Cdr(*entry)
        if call.at > since and call.seconds >= recordings.SHORTEST and (call.did in recorded or call.peer in peers):
            number = builder.new_id("recording")
            made = recordings.new(number, uuid_of(builder, account, "recording", number), call)
            shelf(account, "recordings").append(made)


def mailbox_of(account, did):
    """Where a caller of that number ends up when nobody answers: its own mailbox, or that of the customer."""
    boxes = {str(box["id"]): box for box in account["mailboxes"]}
    if "enable_voicemail" in did["options"]:
        return boxes.get(did["client_mailbox_id"])
    owner = str(did["client_subaccount_id"])
    first = next(d for d in account["dids"].values() if str(d["client_subaccount_id"]) == owner)
    if first is not did or account["key"] == "lachance":
        return None
    return next((box for box in account["mailboxes"] if str(box["client_subaccount_id"]) == owner), None)


def keep_messages(builder, account):
    since, dice = builder.now - MESSAGE_DAYS * DAY, builder.call_dice
    dids = {did["client_did_id"]: did for did in account["dids"].values()}
    for entry in account["calls"]:
        call = Cdr(*entry)
        if call.at < since or call.direction != cdr.INBOUND or call.disposition != NO_ANSWER or dice.random() > 0.6:
            continue
        mailbox = mailbox_of(account, dids[call.did])
        if mailbox:
            number = builder.new_id("voicemail")
            unique = uuid_of(builder, account, "voicemail", number)
            message = voicemails.new(number, unique, mailbox, call, dice.randrange(4, 75))
            shelf(account, "voicemails").append(message)
