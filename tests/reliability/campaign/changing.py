"""Changes through the outbox towards any upstream that can make them, with a fault on the call that makes them."""

import importlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from accounts import services as accounts
from accounts.actor import Actor
from messaging.upstream import optouts
from numbering.models import Number
from numbering.services import emergency
from numbering.upstream import numbers
from providers import operations, outbox
from providers.clients.base import Client
from providers.models import Connection, Operation
from providers.outbox import dict_of
from tests.numbering.upstreams import House
from tests.reliability.campaign.plan import PATIENT, SHORT, Blow
from tests.reliability.campaign.sending import CALM

STANDARD = {"voicetel": {"street": "MAIN ST", "city": "CHAMPLAIN"}}  # as they store what people write otherwise
RESTING = frozenset((Operation.State.DONE, Operation.State.FAILED, Operation.State.PARKED))


@dataclass(frozen=True)
class Act:
    """`ask(house, turn)` writes the row; `made` counts how often the world shows what was wanted."""

    name: str
    slugs: tuple[str, ...]
    ask: Callable[[House, int], Operation]
    made: Callable[[Client, "Changed"], int]

    def __str__(self) -> str:
        return self.name


@dataclass
class Changed:
    """What became of one operation."""

    blow: Blow
    operation: Operation
    made: int = 0
    received: list[dict] = field(default_factory=list)

    def __str__(self) -> str:
        row = self.operation
        calls = [(call["call"], call["fault"], bool(call["effect_id"])) for call in self.received]
        return f"{row.verb} {self.blow}: {row.state} {row.error_code}, made {self.made} times; {calls}"


def line_of(house: House) -> Number:
    return Number.objects.present().filter(connection=house.connection, kind="local", voice=True).order_by("pk").first()


def actor_of(house: House) -> Actor:
    return Actor(user=house.owner, account=house.account, name="test")


def set_number(house: House, turn: int) -> Operation:
    """Another label each time, or texting off and on where a number has no label."""
    number = line_of(house)
    wanted = {"label": f"Line {turn}"} if "label" in number.settings else {"sms": turn % 2 == 0}
    arguments = {"external_id": number.external_id, "account_id": number.account_id, "wanted": wanted, "form": ""}
    subject = numbers.subject_of(number.external_id)
    return operations.ask(house.connection, numbers.UPDATE, arguments, key=str(uuid.uuid4()), subject=subject)[0]


def as_set(client: Client, changed: "Changed") -> int:
    arguments = changed.operation.arguments
    number = client.number(external_id=arguments["external_id"])
    return int(all(number.settings[name] == value for name, value in arguments["wanted"].items()))


def leave_alone(house: House, turn: int) -> Operation:
    arguments = {"number": f"+1579{2_500_000 + turn}", "wanted": True}
    subject = f"opt-out:{arguments['number']}"
    return operations.ask(house.connection, optouts.PUSH, arguments, key=str(uuid.uuid4()), subject=subject)[0]


def left_alone(client: Client, changed: "Changed") -> int:
    """Twice is as good as once; no list of theirs tells who is on it."""
    return int(any(row["effect_id"] and "number" in str(row["params"]).lower() for row in changed.received))


def open_subaccount(house: House, turn: int) -> Operation:
    wanted = accounts.NewSubaccount(f"Shop {turn}", f"Shop {turn} inc", "en", f"{uuid.uuid4().hex}@shop.test")
    change = accounts.create_subaccount(actor_of(house), wanted, house.connection, str(uuid.uuid4()))
    return change.operations.get()


def opened(client: Client, changed: "Changed") -> int:
    return sum(row.reference == changed.operation.arguments["reference"] for row in client.subaccounts())


def save_address(house: House, turn: int) -> Operation:
    address = importlib.import_module(f"tests.providers.contract.examples.{house.connection.slug}").ADDRESS
    wanted = dict_of(address) | STANDARD.get(house.connection.slug, {}) | {"name": f"Lachance {turn}"}
    return emergency.ask_for_address(actor_of(house), line_of(house), wanted, str(uuid.uuid4())).operation


def saved(client: Client, changed: "Changed") -> int:
    arguments = changed.operation.arguments
    rows = client.emergency_addresses(number=arguments["number"])
    return sum(row.address.name == arguments["address"]["name"] for row in rows)


ACTS = (
    Act("number.update", ("voicemeup", "voicetel", "voximplant"), set_number, as_set),
    Act("opt_out.push", ("jafone", "jomobile"), leave_alone, left_alone),
    Act("subaccount.create", ("voicemeup", "voximplant"), open_subaccount, opened),
    Act("e911.save", ("voicemeup", "voicetel"), save_address, saved),
)


class Changer:
    """Carries out one act again and again, each time with another blow."""

    def __init__(self, house: House, act: Act, settings):
        self.house, self.act, self.settings = house, act, settings
        self.turn = 0
        quiet = self.make(None)
        writes = [row["call"] for row in quiet.received if row["effect_id"]]
        assert quiet.operation.state == Operation.State.DONE and quiet.made == 1 and writes, str(quiet)
        self.call = writes[-1]

    def make(self, blow: Blow | None) -> Changed:
        """One operation with one blow on the call that makes it, worked on until it rests."""
        self.turn += 1
        self._calm()
        since = self.house.sandbox.now()
        operation = self.act.ask(self.house, self.turn)
        if blow is not None:
            self.house.sandbox.control("faults", blow.rule(self.house.connection.slug, self.call))
        self.settings.UPSTREAM_DEADLINE = SHORT if blow and blow.slow else PATIENT
        self._work(operation)
        self.house.sandbox.control("faults", method="DELETE")
        self.settings.UPSTREAM_DEADLINE = PATIENT
        for _step in range(12):
            if operation.state in RESTING:
                break
            self._work(operation)
        received = self.house.sandbox.control(f"journal?since={since}&slug={self.house.connection.slug}")
        changed = Changed(blow, operation, received=received)
        changed.made = self.act.made(self._client(), changed)
        return changed

    def _work(self, operation: Operation) -> None:
        self._calm()
        Operation.objects.filter(pk=operation.pk).exclude(due_at=None).update(due_at=timezone.now())
        outbox.run(Operation, operation.pk)
        operation.refresh_from_db()

    def _calm(self) -> None:
        Connection.objects.filter(pk=self.house.connection.pk).update(**CALM)

    def _client(self) -> Client:
        connection = self.house.connection
        return connection.client_class(connection.base_url, connection.credentials)
