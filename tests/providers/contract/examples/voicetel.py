"""VoiceTel: an example of each call, the eight of the document first, then its fifty siblings."""

from datetime import UTC, datetime, timedelta

from providers.clients.records import (
    AccountRecord,
    AvailableNumber,
    BalanceRecord,
    CallRecord,
    ChargeRecord,
    CreatedAccountRecord,
    EmergencyAddress,
    EmergencyRecord,
    MessageRecord,
    NumberRecord,
    PortDraft,
    PortRecord,
    RegistrationRecord,
    ResourceRecord,
    SentMessage,
    ServiceAddress,
)
from providers.clients.voicetel.partial import Outcome
from tests.providers.contract import example
from tests.providers.contract.example import Example, give, nothing, one, rows, text

THEIRS = "+16035550142"
BLOCK = "198.51.100.7/32"
GATEWAY = "198.51.100.77:5070"
ADDRESS = EmergencyAddress(
    name="Lachance Plumbing",
    civic_number="100",
    street="Main Street",
    unit_type="suite",
    unit="5",
    city="Champlain",
    region="NY",
    country="US",
    postal_code="12919",
)
LINE = ServiceAddress(
    civic_number="100", street="Main St", city="CHAMPLAIN", region="NY", country="US", postal_code="12919"
)


class Stage(example.Stage):
    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.control("clock")["now"], UTC)

    @property
    def ours(self) -> NumberRecord:
        """One that texts."""
        return next(record for record in self.client.numbers() if record.settings.get("sms"))

    @property
    def id(self) -> str:
        return self.ours.external_id

    @property
    def bought(self) -> str:
        """Another, new one."""
        found = self.client.available_numbers(area_code="315", quantity=5)
        return self.client.activate_number(found[-1].number)

    @property
    def route(self) -> str:
        """Of a new gateway."""
        return self.client.add_gateways([GATEWAY]).done[0].raw["route"]

    def campaign(self) -> str:
        self.client.add_brand("BLACH77", "Lachance Deux", "Plumbing")
        self.client.add_campaign("CLACH77", "BLACH77", "Reminders")
        return "CLACH77"

    def provisioned(self) -> str:
        """A number of ours with a 911 address."""
        number = self.ours.number
        self.client.save_emergency_address(number, ADDRESS)
        return number

    def second_account(self) -> str:
        master = self.client.credentials["username"]
        return self.client.add_account("Second", "3155550186", "second@lachance.example", master=master).external_id


def done(found) -> bool:
    """A list of which all was done."""
    return isinstance(found, Outcome) and not found.problems


def done_for(*ids):
    return lambda found: done(found) and {row.external_id for row in found.done} == set(ids)


def signed_up(stage):
    stage.client.sign_up("Somebody", "somebody@sign.example")
    return give("somebody@sign.example")


def removed(stage):
    number = stage.bought
    stage.client.remove_numbers([number])
    return give([f"+1{number}"], route="1")


def known_address(stage):
    _, address_id = stage.client.validate_address(ADDRESS)
    return give(stage.ours.number, address_id, "Lachance")


def forwarded(stage):
    number = stage.bought
    stage.client.set_forwarding({number: THEIRS})
    return give([number])


def draft(stage):
    wanted = PortDraft(
        numbers=("+14135550155",),
        wanted_on=(stage.now + timedelta(days=10)).date(),
        organization="Lachance Plumbing",
        organization_kind="business",
        account_number="A-1001",
        authorized_by="Lise Lachance",
        address=LINE,
    )
    return give(wanted, {}, submit=True)


def an_hour(stage, *first):
    return give(*first, stage.now - timedelta(hours=1))


def twenty_days(stage):
    return give(stage.now - timedelta(days=20), stage.now)


def months(stage):
    return give(stage.ours.number, stage.now - timedelta(days=60))


def receipted(stage):
    number = stage.ours.number
    stage.client.send_message(number, THEIRS, "Hello")
    stage.control("clock", {"advance": 120})
    return an_hour(stage, number)


def pictured(stage):
    number = stage.ours.number
    stage.client.send_mms(number, THEIRS, "Look", "https://media.example/a.png")
    return an_hour(stage, number)


EXAMPLES = (
    Example(
        "accountAdd",
        "add_account",
        one(CreatedAccountRecord, external_id="3155550188"),
        give("Atelier", "3155550188", "atelier@lachance.example"),
    ),
    Example("accountApiKey", "api_key", text),
    Example("accountCdr", "calls", rows(CallRecord, 20), twenty_days, ("accountCdr", "numbersList")),
    Example("accountInfo", "account", one(AccountRecord, currency="USD")),
    Example("accountInfo", "balance", one(BalanceRecord, currency="USD")),
    Example("accountMrc", "charges", rows(ChargeRecord, currency="USD")),
    Example("accountRecover", "recover_account", nothing, signed_up),
    Example("accountRegistration", "registrations", rows(RegistrationRecord, registered=True)),
    Example("accountSignup", "sign_up", one(CreatedAccountRecord), give("Somebody", "somebody@sign.example")),
    # --- siblings: ways in
    Example("authList", "authentication", one(ResourceRecord)),
    Example("authUpdate", "update_authentication", done, give(password="n3wpassw")),
    Example("aclAdd", "add_acl", done_for(BLOCK), give([BLOCK])),
    Example("aclList", "acl", rows(ResourceRecord), lambda s: s.client.add_acl([BLOCK]) and give()),
    Example("aclRemove", "remove_acl", done_for(BLOCK), lambda s: s.client.add_acl([BLOCK]) and give([BLOCK])),
    # --- numbers
    Example("numbersAdd", "add_numbers", done, removed),
    Example("numbersCnam", "set_caller_name_lookup", done, lambda s: give({s.id: True})),
    Example("numbersDisconnect", "disconnect_numbers", done, lambda s: give([s.bought])),
    Example("numbersForwardRemove", "remove_forwarding", done, forwarded),
    Example("numbersForwardSet", "set_forwarding", done, lambda s: give({s.id: THEIRS})),
    Example("numbersLidb", "set_caller_names", done, lambda s: give({s.id: "LACHANCE"})),
    Example("numbersList", "numbers", rows(NumberRecord, 3), also=("numbersList", "status")),
    Example("numbersMove", "move_numbers", done, lambda s: give([s.bought], s.second_account(), "1")),
    Example("numbersRemove", "remove_numbers", done, lambda s: give([s.bought])),
    Example("numbersRoute", "route_numbers", done, lambda s: give({s.id: "1"})),
    Example("numbersTranslations", "translate_numbers", done, lambda s: give({s.id: "100#"})),
    # --- inventory and orders
    Example("addMessagingBrand", "add_brand", nothing, give("BLACH77", "Lachance Deux", "Plumbing")),
    Example(
        "addMessagingCampaign",
        "add_campaign",
        nothing,
        lambda s: s.client.add_brand("BLACH77", "Lachance Deux", "x") or give("CLACH77", "BLACH77", "Reminders"),
    ),
    Example("tnInventory", "available_numbers", rows(AvailableNumber, 5), give(area_code="315", quantity=5)),
    Example("tnInventoryCoverage", "coverage", rows(ResourceRecord), give(area_code="518")),
    Example("tnMessagingCampaign", "assign_campaign", text, lambda s: give({s.id: s.campaign()})),
    Example("tnOrder", "order_numbers", text, lambda s: give([s.client.available_numbers(area_code="315")[0].number])),
    # --- ports
    Example("portStatus", "ports", rows(PortRecord)),
    Example("portInAvailability", "port_check", rows(ResourceRecord), give(["+14135550155"])),
    Example("portInOrder", "create_port", text, draft, ("portInAvailability", "portInOrder")),
    Example(
        "portOutPinUpdate",
        "set_port_out_pins",
        lambda found: list(found.values()) == ["4821"],
        lambda s: give({s.id: "4821"}),
    ),
    # --- gateways
    Example("gatewaysAdd", "add_gateways", done, give([GATEWAY])),
    Example("gatewaysList", "gateways", rows(ResourceRecord)),
    Example("gatewaysRemove", "remove_gateways", done, lambda s: give([s.route])),
    Example("gatewaysUpdate", "update_gateways", done, lambda s: give({s.route: "pbx.lachance.example"})),
    # --- texts
    Example("campaigns", "campaigns", rows(ResourceRecord), lambda s: give([s.campaign()])),
    Example("disable", "disable_messaging", done, lambda s: give([s.id])),
    Example("dlr", "delivery_receipts", rows(ResourceRecord), receipted),
    Example("enable", "enable_messaging", done, lambda s: give([s.bought])),
    Example("mdr-mms", "mms_records", rows(MessageRecord, body="Look"), pictured),
    Example("mdr-sms", "sms_records", rows(MessageRecord), months),
    Example(
        "mms",
        "send_mms",
        one(SentMessage),
        lambda s: give(s.ours.number, THEIRS, "Look", "https://media.example/a.png", "Leak"),
    ),
    Example("routein", "route_messages_in", done, lambda s: give({s.id: "1"})),
    Example("routeout", "route_messages_out", done, lambda s: give({s.id: "1"})),
    Example("sms", "send_sms", one(SentMessage), lambda s: give(s.ours.number, THEIRS, "On our way")),
    Example("status", "messaging_status", rows(ResourceRecord), lambda s: give([s.ours.number])),
    # --- 911
    Example("e911ProvisionAddress", "provision_address", one(EmergencyRecord), known_address),
    Example("e911QueryAll", "emergency_addresses", rows(EmergencyRecord)),
    Example("e911QueryRecord", "emergency_address", one(EmergencyRecord), lambda s: give(s.provisioned())),
    Example("e911RemoveRecord", "delete_emergency_address", rows(object, 0), lambda s: give(s.provisioned())),
    Example(
        "e911ValidateAddress",
        "check_emergency_address",
        one(EmergencyAddress),
        lambda s: give(s.ours.number, ADDRESS),
    ),
    Example("e911ValidateAddress", "validate_address", rows(object, 2), give(ADDRESS)),
    Example("e911ValidateAndProvision", "save_emergency_address", nothing, lambda s: give(s.ours.number, ADDRESS)),
    # --- look-ups
    Example("infoCnam", "caller_name", text, give("+16035550188")),
    Example("infoLrn", "routing", one(dict), give("+16035550188")),
    Example("infoRespOrg", "responsible_organization", text, give("+18005550142")),
)
