"""The cast of the tenancy tests: three tenants, each with one of everything, every text of theirs marked with a canary."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import Account, AuditEntry, Membership, RemoteAccount, User
from accounts.roles import Role
from billing.models import Balance
from messaging.models import (
    Campaign,
    CampaignRow,
    Contact,
    ContactGroup,
    ContactImport,
    Media,
    Message,
    MessageExport,
    Note,
    OptOut,
    Template,
    Thread,
)
from numbering.models import (
    BackOrder,
    Device,
    EmergencyAssignment,
    EmergencyAssignmentRow,
    EmergencyChange,
    EmergencyEndpoint,
    EmergencyPlace,
    Number,
    NumberBatch,
    NumberChange,
    NumberLookup,
    NumberOrder,
    OrderLine,
    PortBundle,
    PortDocument,
    PortEvent,
    PortPlan,
    PortRequest,
    SavedView,
)
from numbering.upstream.port_checks import CHECK
from numbering.upstream.searching import SEARCH
from providers.models import Connection, Operation
from tests.factories import (
    AccountFactory,
    BalanceFactory,
    BrandFactory,
    ConnectionFactory,
    EmergencyEndpointFactory,
    FeedFactory,
    LedgerEntryFactory,
    MessageFactory,
    NumberFactory,
    PortRequestFactory,
    RemoteAccountFactory,
    ThreadFactory,
    UserFactory,
)


def canary(tenant: str, what: str) -> str:
    return f"CANARY-{tenant}-{what}"


@dataclass
class Tenant:
    """An account with one of everything in it, and a person for each role."""

    name: str
    account: Account
    connection: Connection
    people: dict[str, User] = field(default_factory=dict)
    number: Number = None
    saved_view: SavedView = None
    batch: NumberBatch = None
    thread: Thread = None
    message: Message = None
    contact: Contact = None
    group: ContactGroup = None
    template: Template = None
    contact_import: ContactImport = None
    scheduled: Message = None
    campaign: Campaign = None
    opt_out: OptOut = None
    port_check: Operation = None
    search_id: uuid.UUID = None
    order: NumberOrder = None
    lookup: NumberLookup = None
    places: Operation = None
    back_order: BackOrder = None
    note: Note = None
    export: MessageExport = None
    media: Media = None
    port: PortRequest = None
    plan: PortPlan = None
    document: PortDocument = None
    draft: PortRequest = None
    endpoint: EmergencyEndpoint = None
    device: Device = None
    change: EmergencyChange = None
    place: EmergencyPlace = None
    assignment: EmergencyAssignment = None
    balance: Balance = None
    remote: RemoteAccount = None
    child: Account = None


def make_tenant(name: str, *, parent: Account | None = None, area: int = 514, kind: str = "customer") -> Tenant:
    account = AccountFactory(name=canary(name, "account"), parent=parent, kind=kind)
    tenant = Tenant(name, account, ConnectionFactory(name=canary(name, "connection")))
    tenant.remote = RemoteAccountFactory(connection=tenant.connection, account=account, name=canary(name, "remote"))
    for role in Role:
        tenant.people[role] = UserFactory(
            email=f"{role}-{name.lower()}@example.test", name=canary(name, f"person-{role}")
        )
        Membership.objects.create(user=tenant.people[role], account=account, role=role)
    _numbers(tenant, area)
    _places(tenant)
    _messages(tenant)
    _contacts(tenant)
    _ports(tenant)
    _money(tenant)
    for feed in ("numbers", "messages", "ports", "e911", "balance", "ledger"):
        FeedFactory(connection=tenant.connection, name=feed)
    AuditEntry.objects.create(
        account=account, actor_name=canary(name, "actor"), action="number.changed", subject=canary(name, "subject")
    )
    return tenant


def _owned(tenant: Tenant) -> dict:
    return {"account": tenant.account, "connection": tenant.connection}


def _numbers(tenant: Tenant, area: int) -> None:
    number = f"+1{area}5550134"
    owned = _owned(tenant)
    tenant.number = NumberFactory(
        **owned, number=number, label=canary(tenant.name, "label"), note=canary(tenant.name, "note"),
        tags=canary(tenant.name, "tag"), city=canary(tenant.name, "city"),
    )  # fmt: skip
    tenant.saved_view = SavedView.objects.create(
        account=tenant.account, user=tenant.people[Role.OWNER], name=canary(tenant.name, "view"), query="state=gone"
    )
    tenant.batch = NumberBatch.objects.create(
        account=tenant.account, name=canary(tenant.name, "batch"), state="checked", headings=["Number", "Name"],
        sample=[["514 555-0134", canary(tenant.name, "cell")]], plan={"columns": {"0": "number", "1": "label"}},
        checked={"change": 1, "bad": 1}, problems=[[2, "label", canary(tenant.name, "bad-cell"), "Too long"]],
        file=ContentFile(canary(tenant.name, "line").encode(), name="x"), size=3, created_by=tenant.people[Role.OWNER],
    )  # fmt: skip
    NumberFactory(**owned, number=f"+1{area}5550135", label=canary(tenant.name, "bare"))
    operation = _operation(tenant, "number.update")
    NumberChange.objects.create(
        number=tenant.number, operation=operation, user=tenant.people[Role.OWNER],
        before={"label": "old"}, wanted={"label": canary(tenant.name, "wanted")},
    )  # fmt: skip
    _orders(tenant, area)
    tenant.endpoint = EmergencyEndpointFactory(**owned, number=number)
    tenant.endpoint.address = tenant.endpoint.address | {
        "name": canary(tenant.name, "name"),
        "street": canary(tenant.name, "street"),
    }
    tenant.endpoint.save()
    tenant.device = Device.objects.create(
        **owned, external_id=str(area), name=canary(tenant.name, "device"), username=canary(tenant.name, "device-user"),
        number=number,
    )  # fmt: skip
    tenant.change = EmergencyChange.objects.create(
        account=tenant.account, number=tenant.number, operation=_operation(tenant, "e911.save"), state="alternates",
        wanted=tenant.endpoint.address, alternates=[tenant.endpoint.address], user=tenant.people[Role.OWNER],
    )  # fmt: skip


def _places(tenant: Tenant) -> None:
    address = tenant.endpoint.address
    tenant.place = EmergencyPlace.objects.create(
        account=tenant.account, label=canary(tenant.name, "place"), address=address, is_usual=True
    )
    tenant.assignment = EmergencyAssignment.objects.create(
        account=tenant.account, place=tenant.place, address=address, intent=f"{tenant.name}-intent", fingerprint="x",
        terms_version="2026-11", user=tenant.people[Role.OWNER], begun_at=timezone.now(),
    )  # fmt: skip
    EmergencyAssignmentRow.objects.create(assignment=tenant.assignment, number=tenant.number, change=tenant.change)


def _orders(tenant: Tenant, area: int) -> None:
    """A search with an answer, and an order of one of the numbers found."""
    tenant.search_id = uuid.uuid5(uuid.NAMESPACE_OID, tenant.name)
    for_sale = {
        "number": f"+1{area}5550177", "city": canary(tenant.name, "for-sale"), "region": "QC", "rate_center": "", "sms": True,
        "currency": "CAD", "setup_fee": "1.00", "monthly_fee": "1.25",
    }  # fmt: skip
    search = _operation(tenant, SEARCH)
    Operation.objects.filter(pk=search.pk).update(
        idempotency_key=f"{SEARCH}:{tenant.search_id}:{tenant.connection.pk}",
        arguments={"account_id": tenant.account.pk, "wanted": {"kind": "local", "area_code": str(area)}},
        result={"numbers": [for_sale], "more": False, "unread": 0},
    )
    tenant.order = NumberOrder.objects.create(
        account=tenant.account, connection=tenant.connection, user=tenant.people[Role.OWNER], key=f"order-{tenant.name}"
    )
    tenant.places = _operation(tenant, "numbers.places")
    Operation.objects.filter(pk=tenant.places.pk).update(
        arguments={"account_id": tenant.account.pk, "area_code": str(area)},
        result={"places": [["123456", canary(tenant.name, "rate-centre")]]},
    )
    tenant.back_order = BackOrder.objects.create(
        account=tenant.account, connection=tenant.connection, user=tenant.people[Role.OWNER], key=f"back-{tenant.name}",
        area_code=str(area), place_id="123456", place=canary(tenant.name, "awaited"), quantity=2,
        operation=_operation(tenant, "numbers.back_order"),
    )  # fmt: skip
    asked = _operation(tenant, "number.lookup")
    told = dict.fromkeys(("valid", "line_type", "caller_name", "city", "region", "country", "routing_number"), "")
    Operation.objects.filter(pk=asked.pk).update(result={"told": told | {"carrier": canary(tenant.name, "carrier")}})
    tenant.lookup = NumberLookup.objects.create(
        account=tenant.account, user=tenant.people[Role.OWNER], number="+14385550177", key=f"lookup-{tenant.name}",
        operation=asked,
    )  # fmt: skip
    OrderLine.objects.create(
        order=tenant.order, number=for_sale["number"], city=canary(tenant.name, "ordered"), setup_fee=1, monthly_fee=1,
        currency="CAD", operation=_operation(tenant, "number.order"),
    )  # fmt: skip


def _operation(tenant: Tenant, verb: str) -> Operation:
    return Operation.objects.create(
        connection=tenant.connection, verb=verb, idempotency_key=f"{tenant.name}-{verb}", state=Operation.State.DONE,
        due_at=None, finished_at=timezone.now(), actor_name=canary(tenant.name, "actor"), subject=f"did:{tenant.number.external_id}",
        arguments={"account_id": tenant.account.pk},
    )  # fmt: skip


def _messages(tenant: Tenant) -> None:
    tenant.thread = ThreadFactory(
        account=tenant.account, our_number=tenant.number.number, contact_number="+14385550177",
        contact_name=canary(tenant.name, "contact"), last_text=canary(tenant.name, "last-text"), unread=1,
    )  # fmt: skip
    tenant.note = Note.objects.create(
        thread=tenant.thread, author=tenant.people[Role.OWNER], body=canary(tenant.name, "note")
    )
    tenant.opt_out = OptOut.objects.create(
        account=tenant.account, number="+14385550199", source="person", recorded_by=canary(tenant.name, "opt-out")
    )
    tenant.message = MessageFactory(
        thread=tenant.thread, connection=tenant.connection, body=canary(tenant.name, "body")
    )
    MessageFactory(
        thread=tenant.thread, connection=tenant.connection, body=canary(tenant.name, "failed"), direction="outbound",
        state="failed", error_code="permission_refused", error_words=canary(tenant.name, "their-words"), subject="x",
    )  # fmt: skip
    tenant.campaign = Campaign.objects.create(
        account=tenant.account, name=canary(tenant.name, "campaign"), sender=tenant.number.number,
        body_en=canary(tenant.name, "campaign-text"), state="ready", counts={"rows": 1, "fit": 1, "parts": 1},
    )  # fmt: skip
    CampaignRow.objects.create(campaign=tenant.campaign, position=1, number="+14385550177", parts=1)
    tenant.scheduled = MessageFactory(
        thread=tenant.thread, connection=tenant.connection, body=canary(tenant.name, "scheduled"), direction="outbound",
        state="queued", external_id=None, send_at=timezone.now() + timedelta(days=1), due_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    tenant.export = MessageExport.objects.create(
        account=tenant.account, thread=tenant.thread, time_zone="America/Toronto", state="done", total=1,
        file=ContentFile(canary(tenant.name, "export").encode(), name="x"), expires_at=timezone.now() + timedelta(days=7),
    )  # fmt: skip
    tenant.media = Media.objects.create(
        message=tenant.message, name=canary(tenant.name, "picture"), mime_type="image/png", size=3,
        file=ContentFile(canary(tenant.name, "pixels").encode(), name="x"), fetched_at=timezone.now(),
    )  # fmt: skip


def _contacts(tenant: Tenant) -> None:
    tenant.contact = Contact.objects.create(
        account=tenant.account, number="+14385550188", name=canary(tenant.name, "person"), tags=canary(tenant.name, "tags"),
        notes=canary(tenant.name, "notes"), fields={"city": canary(tenant.name, "field")},
    )  # fmt: skip
    tenant.group = ContactGroup.objects.create(account=tenant.account, name=canary(tenant.name, "group"))
    tenant.group.contacts.add(tenant.contact)
    tenant.template = Template.objects.create(
        account=tenant.account, name=canary(tenant.name, "template"), body_en=canary(tenant.name, "template-body")
    )
    tenant.contact_import = ContactImport.objects.create(
        account=tenant.account, name=canary(tenant.name, "import"), state="checked", headings=["phone", "name"],
        sample=[["514 555-0134", canary(tenant.name, "sample")]], plan={"columns": {"0": "number", "1": "name"}},
        checked={"new": 1, "bad": 1}, problems=[[2, "date", "birthday", canary(tenant.name, "cell")]],
        file=ContentFile(canary(tenant.name, "row").encode(), name="x"), size=3,
    )  # fmt: skip


def _ports(tenant: Tenant) -> None:
    tenant.port_check = Operation.objects.create(
        connection=tenant.connection,
        verb=CHECK,
        idempotency_key=f"check-{tenant.name}",
        arguments={"account_id": tenant.account.pk, "numbers": ["+15145550178"], "left_out": 0},
    )
    tenant.port = PortRequestFactory(
        **_owned(tenant), title=canary(tenant.name, "port"), current_provider=canary(tenant.name, "carrier"),
        status=PortRequest.Status.REJECTED_BY_PROVIDER, rejection=canary(tenant.name, "rejection"),
    )  # fmt: skip
    tenant.draft = PortRequestFactory(
        **_owned(tenant), title=canary(tenant.name, "draft"), current_provider=canary(tenant.name, "bell"),
        status=PortRequest.Status.NOT_READY, bundle=PortBundle.objects.create(account=tenant.account, title=canary(tenant.name, "bundle")),
    )  # fmt: skip
    PortEvent.objects.create(
        port=tenant.port, kind="status", status=tenant.port.status, text=canary(tenant.name, "event")
    )
    tenant.plan = PortPlan.objects.create(
        port=tenant.port,
        number=tenant.port.numbers[0],
        calls={"caller_id_name": canary(tenant.name, "plan")},
        user=tenant.people[Role.OWNER],
    )
    tenant.document = PortDocument.objects.create(
        port=tenant.port, kind="bill", name=canary(tenant.name, "bill.pdf"), mime_type="application/pdf", size=3,
        file=ContentFile(canary(tenant.name, "pdf").encode(), name="x"),
    )  # fmt: skip


def _money(tenant: Tenant) -> None:
    tenant.balance = BalanceFactory(**_owned(tenant))
    LedgerEntryFactory(**_owned(tenant), description=canary(tenant.name, "charge"))


@dataclass
class Cast:
    """A reseller R with its customers A and B; a stranger's reseller S with a customer C; a staff person; one switched off."""

    r: Tenant
    a: Tenant
    b: Tenant
    s: Tenant
    c: Tenant
    staff: User
    disabled: User


def make_cast() -> Cast:
    operator = AccountFactory(name="Operator", kind="operator")
    r = make_tenant("R", parent=operator, area=613, kind="reseller")
    s = make_tenant("S", parent=operator, area=647, kind="reseller")
    BrandFactory(account=r.account, name="R-brand")
    a, b = make_tenant("A", parent=r.account), make_tenant("B", parent=r.account, area=418)
    c = make_tenant("C", parent=s.account, area=819)
    r.child, s.child = a.account, c.account
    disabled = UserFactory(email="gone@example.test", is_active=False)
    Membership.objects.create(user=disabled, account=a.account, role=Role.OWNER)
    staff = UserFactory(email="staff@example.test", is_staff=True, is_superuser=True)
    return Cast(r, a, b, s, c, staff, disabled)
