"""What an upstream may be able to do."""

from enum import StrEnum


class Capability(StrEnum):
    """What a page may offer. A client lists the ones its upstream has."""

    BALANCE = "balance"
    LEDGER = "ledger"
    CHARGES = "charges"  # recurring monthly charges
    INVOICES = "invoices"
    PRICES = "prices"
    LOW_BALANCE_ALERT = "low_balance_alert"
    NUMBERS = "numbers"
    NUMBER_SETTINGS = "number_settings"
    NUMBER_SEARCH = "number_search"
    NUMBER_ORDER = "number_order"
    NUMBER_RELEASE = "number_release"
    BACK_ORDER = "back_order"  # takes orders for numbers that are not in stock
    LOOKUP = "lookup"  # LRN, CNAM, carrier of any number
    MESSAGES = "messages"  # the log of texts
    SEND_SMS = "send_sms"
    SEND_MMS = "send_mms"
    INBOUND_SMS = "inbound_sms"
    DELIVERY_REPORTS = "delivery_reports"  # says whether a text reached the handset
    OPT_OUTS = "opt_outs"  # tells who asked to be left alone
    OPT_OUT_PUSH = "opt_out_push"  # takes our opt-outs
    CONTACTS = "contacts"  # contacts or groups kept upstream
    PORTS = "ports"  # tells the state of port-ins
    PORT_REQUEST = "port_request"  # takes new port-ins, with documents
    PORT_CHECK = "port_check"  # tells whether a number can be ported
    PORT_OUT_PIN = "port_out_pin"  # takes the digits without which no other carrier gets a number
    E911 = "e911"
    DEVICES = "devices"  # lists the account's telephones and ties each to a 911 address
    DIRECTORY = "directory"  # lists numbers in the public directory (411)
    SUBACCOUNTS = "subaccounts"
    NETWORK_STATUS = "network_status"
    CALLS = "calls"
    NEW_CALLS = "new_calls"  # tells what came after a call already read, so that it may be asked every few minutes
    RECORDINGS = "recordings"
    VOICEMAIL = "voicemail"
    FAX = "fax"
    CALLBACKS = "callbacks"  # connects two people by calling both
    FORWARDING = "forwarding"  # of the account as a whole
    CONFERENCES = "conferences"
    SIP_REGISTRATIONS = "sip_registrations"
