"""What is the same for every account: plans, proxies, phone models, voices, sorts of problems."""

from . import checks
from .checks import P
from .desk import Refusal
from .geo import COUNTRIES, STATES
from .wire import E, row

COUNTRY_IDS, STATE_IDS = tuple(COUNTRIES), tuple(STATES)
PROXIES = tuple(
    {"proxy_id": number, "friendly_name": name, "hostname": host, "port": 5060, "location": location}
    for number, name, host, location in (
        (1, "Montreal 1", "mtl1.proxy.example", "Montréal, QC"),
        (2, "Montreal 2", "mtl2.proxy.example", "Montréal, QC"),
        (3, "Toronto 1", "tor1.proxy.example", "Toronto, ON"),
        (4, "Vancouver 1", "van1.proxy.example", "Vancouver, BC"),
        (5, "New York 1", "nyc1.proxy.example", "New York, NY"),
    )
)
MODELS = {
    "Yealink": ("T31P", "T43U", "T46U", "T48U", "T54W", "W60B"),
    "Polycom": ("VVX 150", "VVX 250", "VVX 450", "Trio 8300"),
    "Grandstream": ("GXP2135", "GRP2614", "HT802", "HT814"),
    "Cisco": ("SPA112", "SPA504G", "CP-8841"),
    "Snom": ("D735", "D785", "M900"),
}
DEVICES = tuple(
    {"device_id": 100 + i, "make": make, "model": model}
    for i, (make, model) in enumerate((make, model) for make, models in MODELS.items() for model in models)
)
VOICES = tuple(
    {"voice_name": f"{tongue}-Standard-{letter}", "language": tongue, "gender": "female" if letter in "ACE" else "male"}
    for tongue, letters in (("fr-CA", "ABCD"), ("en-CA", "ABCD"), ("en-US", "ABCDE"), ("fr-FR", "ABCD"))
    for letter in letters
)
ISSUE_TYPES = (
    (1, "One way audio", "Audio à sens unique", "One side could not hear the other"),
    (2, "No audio", "Aucun son", "Neither side could hear the other"),
    (3, "Choppy audio", "Son haché", "The voice was broken or robotic"),
    (4, "Echo", "Écho", "The caller heard their own voice"),
    (5, "Call dropped", "Appel interrompu", "The call ended by itself"),
    (6, "Call did not connect", "Appel non établi", "The destination was never reached"),
    (7, "Wrong caller ID", "Mauvais afficheur", "The name or number shown was not the one sent"),
    (8, "DTMF not recognized", "DTMF non reconnu", "Keys pressed had no effect"),
    (9, "Long post dial delay", "Délai de connexion", "It took long before it rang"),
    (10, "Wrong destination", "Mauvaise destination", "Somebody else answered"),
)
# plan_id, group, name, monthly fee, setup fee, services with their included quantity
PLANS = (
    (11, 1, "Pay as you go", "0.00", "0.00", {"channels": 2}),
    (12, 1, "Small office", "24.95", "0.00", {"channels": 4, "dids": 2, "minutes_local": 500}),
    (13, 1, "Office", "59.95", "25.00", {"channels": 10, "dids": 5, "minutes_local": 2500}),
    (14, 1, "Enterprise", "249.95", "100.00", {"channels": 50, "dids": 20, "minutes_local": 15000}),
    (21, 2, "Reseller", "99.95", "0.00", {"channels": 25, "subaccounts": 25, "billing_module": 1}),
    (22, 2, "Reseller plus", "299.95", "0.00", {"channels": 100, "subaccounts": 250, "billing_module": 1}),
    (31, 3, "Managed 3CX, 8 calls", "79.95", "150.00", {"pbx3cx_servers": 1, "simultaneous_calls": 8}),
    (32, 3, "Managed 3CX, 32 calls", "169.95", "150.00", {"pbx3cx_servers": 1, "simultaneous_calls": 32}),
)
GET_PLANS = (P("plan_id", checks.integer(1)), P("plan_groups_id", checks.integer(1)))
GET_PROXIES = (P("proxy_id", checks.integer(1)),)
GET_DEVICES = (P("make", checks.text(64)),)


def asked(desk, name, known):
    """The value of a filter, refused when it names nothing that is there."""
    wanted = desk.values.get(name)
    if wanted not in (None, "") and wanted not in known:
        raise Refusal(f"{name}_invalid")
    return wanted or None


def get_plans(desk):
    plan = asked(desk, "plan_id", {p[0] for p in PLANS})
    group = asked(desk, "plan_groups_id", {p[1] for p in PLANS})
    found = [p for p in PLANS if plan in (None, p[0]) and group in (None, p[1])]
    return [E("plans", [plan_row(desk, *p) for p in found])]


def plan_row(desk, number, group, name, monthly, setup, services):
    values = {
        "plan_id": number,
        "plan_group_id": group,
        "name": name,
        "monthly_fee": f"{desk.amount(monthly):.2f}",
        "setup_fee": f"{desk.amount(setup):.2f}",
        "currency": desk.currency,
    }
    given = [E("service", [E("name", n), E("quantity", q)]) for n, q in services.items()]
    values["services"] = E("services", given)
    return row("plan_details", "plan_id", values)


def get_proxies(desk):
    wanted = asked(desk, "proxy_id", {p["proxy_id"] for p in PROXIES})
    return [E("proxies", [row("proxy_details", "proxy_id", p) for p in PROXIES if wanted in (None, p["proxy_id"])])]


def get_devices(desk):
    makes = {make.lower() for make in MODELS}
    make = (desk.values.get("make") or "").lower()
    if make and make not in makes:
        raise Refusal("make_invalid")
    found = [d for d in DEVICES if make in ("", d["make"].lower())]
    return [E("devices", [row("device_details", "device_id", d) for d in found])]


def get_tts_voice_name(desk):
    return [E("tts_voice_names", [row("voice_name_details", "voice_name", voice) for voice in VOICES])]


def get_issues_types(desk):
    rows = [
        row(
            "issue_type_details",
            "issue_type_id",
            {"issue_type_id": number, "issue": french if desk.language == "fr" else english, "description": text},
        )
        for number, english, french, text in ISSUE_TYPES
    ]
    return [E("issues_types", rows)]
