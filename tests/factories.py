"""Factories for the models, small and named; numbers are from the range kept for fiction."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import Account, Brand, Membership, RemoteAccount, User
from accounts.roles import Role
from billing.models import Balance, LedgerEntry
from messaging.models import Message, Thread
from numbering.models import EmergencyEndpoint, Number, PortRequest
from providers.models import Connection, Feed

PASSWORD = "a-long-test-password"  # noqa: S105


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.test")
    name = factory.Sequence(lambda n: f"Person {n}")

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])


class AccountFactory(DjangoModelFactory):
    class Meta:
        model = Account

    name = factory.Sequence(lambda n: f"Account {n}")
    kind = Account.Kind.CUSTOMER


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    account = factory.SubFactory(AccountFactory)
    role = Role.OWNER


class BrandFactory(DjangoModelFactory):
    class Meta:
        model = Brand

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Brand {n}")


class ConnectionFactory(DjangoModelFactory):
    class Meta:
        model = Connection

    slug = "voicemeup"
    name = factory.Sequence(lambda n: f"VoiceMeUp {n}")
    base_url = "http://127.0.0.1:9/voicemeup"
    credentials = {"username": "someone@example.test", "auth_token": "0123456789abcdef0123456789abcdef"}


class RemoteAccountFactory(DjangoModelFactory):
    """The connection's main account, owned by `account`."""

    class Meta:
        model = RemoteAccount

    connection = factory.SubFactory(ConnectionFactory)
    account = factory.SubFactory(AccountFactory)
    external_id = ""


class FeedFactory(DjangoModelFactory):
    class Meta:
        model = Feed

    connection = factory.SubFactory(ConnectionFactory)
    name = "numbers"
    last_ok_at = factory.LazyFunction(timezone.now)


class NumberFactory(DjangoModelFactory):
    class Meta:
        model = Number

    connection = factory.SubFactory(ConnectionFactory)
    account = factory.SubFactory(AccountFactory)
    external_id = factory.Sequence(lambda n: str(700_000 + n))
    number = factory.Sequence(lambda n: f"+1{514 + n // 100}5550{100 + n % 100}")
    label = factory.Sequence(lambda n: f"Line {n}")
    city = "Montréal"
    region = "QC"
    country = "CA"
    sms = mms = sms_enabled = True
    settings = factory.LazyFunction(
        lambda: {
            "label": "Front line", "forwarding": False, "forward_to": "", "forward_after": 0, "voicemail": True, "caller_id_name": "",
            "sms": True, "sms_email": "", "sms_forward_to": "", "sms_webhook": "", "sms_webhook_retry": False,
            "sms_autoreply": "", "comments": "",
        }
    )  # fmt: skip


class ThreadFactory(DjangoModelFactory):
    class Meta:
        model = Thread

    account = factory.SubFactory(AccountFactory)
    our_number = "+15145550134"
    contact_number = factory.Sequence(lambda n: f"+1438{5_550_100 + n}")
    last_text = "Hello"
    last_direction = "inbound"


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    connection = factory.SubFactory(ConnectionFactory)
    account = factory.SelfAttribute("thread.account")
    thread = factory.SubFactory(ThreadFactory)
    our_number = factory.SelfAttribute("thread.our_number")
    contact_number = factory.SelfAttribute("thread.contact_number")
    direction = Message.Direction.INBOUND
    state = Message.State.RECEIVED
    due_at = None
    body = "Hello"
    external_id = factory.Sequence(lambda n: f"hash-{n}")


class PortRequestFactory(DjangoModelFactory):
    class Meta:
        model = PortRequest

    connection = factory.SubFactory(ConnectionFactory)
    account = factory.SubFactory(AccountFactory)
    external_id = factory.Sequence(str)
    pon = factory.Sequence(lambda n: f"PON{n:08d}")
    numbers = ["+15145550177"]
    title = "Head office"
    current_provider = "Old Carrier"
    status = PortRequest.Status.SENT_TO_PROVIDER


class EmergencyEndpointFactory(DjangoModelFactory):
    class Meta:
        model = EmergencyEndpoint

    connection = factory.SubFactory(ConnectionFactory)
    account = factory.SubFactory(AccountFactory)
    external_id = factory.Sequence(str)
    number = "+15145550134"
    address = {
        "name": "Someone", "civic_number": "120", "street": "Rue Principale", "unit_type": "", "unit": "", "city": "Montréal",
        "region": "QC", "country": "CA", "postal_code": "H2X 1Y4", "language": "fr",
    }  # fmt: skip


class BalanceFactory(DjangoModelFactory):
    class Meta:
        model = Balance

    connection = factory.SubFactory(ConnectionFactory)
    account = factory.SubFactory(AccountFactory)
    amount = Decimal("18.42")
    currency = "CAD"
    read_at = factory.LazyFunction(timezone.now)


class LedgerEntryFactory(DjangoModelFactory):
    class Meta:
        model = LedgerEntry

    connection = factory.SubFactory(ConnectionFactory)
    account = factory.SubFactory(AccountFactory)
    external_id = factory.Sequence(str)
    kind = LedgerEntry.Kind.CHARGE
    occurred_on = date(2026, 11, 1)
    description = "Monthly fee"
    amount = Decimal("-1.50")
    currency = "CAD"


NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
