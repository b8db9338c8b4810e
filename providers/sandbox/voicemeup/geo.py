"""Countries and their states or provinces."""

from . import checks
from .checks import P
from .desk import Refusal
from .wire import E, row

GET_STATES = (P("country_id", checks.integer(1), required=True),)
CANADA, USA = 38, 223
# id: name, code, dialing code. 38 is known to be Canada, 223 by context the USA; the rest is made up.
COUNTRIES = {
    3: ("Algeria", "DZ", "213"),
    14: ("Austria", "AT", "43"),
    21: ("Belgium", "BE", "32"),
    30: ("Brazil", "BR", "55"),
    CANADA: ("Canada", "CA", "1"),
    44: ("China", "CN", "86"),
    73: ("France", "FR", "33"),
    80: ("Germany", "DE", "49"),
    91: ("Haiti", "HT", "509"),
    99: ("India", "IN", "91"),
    105: ("Italy", "IT", "39"),
    107: ("Japan", "JP", "81"),
    118: ("Lebanon", "LB", "961"),
    138: ("Mexico", "MX", "52"),
    144: ("Morocco", "MA", "212"),
    171: ("Portugal", "PT", "351"),
    195: ("Spain", "ES", "34"),
    204: ("Switzerland", "CH", "41"),
    213: ("Tunisia", "TN", "216"),
    222: ("United Kingdom", "GB", "44"),
    USA: ("United States", "US", "1"),
}
# id: name, code, country. 2 is known to be British Columbia.
STATES = {
    1: ("Alberta", "AB", CANADA),
    2: ("British Columbia", "BC", CANADA),
    3: ("Manitoba", "MB", CANADA),
    4: ("New Brunswick", "NB", CANADA),
    5: ("Newfoundland and Labrador", "NL", CANADA),
    6: ("Northwest Territories", "NT", CANADA),
    7: ("Nova Scotia", "NS", CANADA),
    8: ("Nunavut", "NU", CANADA),
    9: ("Ontario", "ON", CANADA),
    10: ("Prince Edward Island", "PE", CANADA),
    11: ("Quebec", "QC", CANADA),
    12: ("Saskatchewan", "SK", CANADA),
    13: ("Yukon", "YT", CANADA),
}
US_STATES = """
Alabama AL|Alaska AK|Arizona AZ|Arkansas AR|California CA|Colorado CO|Connecticut CT|Delaware DE|
District of Columbia DC|Florida FL|Georgia GA|Hawaii HI|Idaho ID|Illinois IL|Indiana IN|Iowa IA|Kansas KS|
Kentucky KY|Louisiana LA|Maine ME|Maryland MD|Massachusetts MA|Michigan MI|Minnesota MN|Mississippi MS|
Missouri MO|Montana MT|Nebraska NE|Nevada NV|New Hampshire NH|New Jersey NJ|New Mexico NM|New York NY|
North Carolina NC|North Dakota ND|Ohio OH|Oklahoma OK|Oregon OR|Pennsylvania PA|Rhode Island RI|
South Carolina SC|South Dakota SD|Tennessee TN|Texas TX|Utah UT|Vermont VT|Virginia VA|Washington WA|
West Virginia WV|Wisconsin WI|Wyoming WY
""".replace("\n", "")
STATES.update({14 + i: (entry[:-3], entry[-2:], USA) for i, entry in enumerate(US_STATES.split("|"))})
STATE_BY_CODE = {code: state_id for state_id, (_, code, _) in STATES.items()}
COUNTRY_BY_CODE = {code: country_id for country_id, (_, code, _) in COUNTRIES.items()}


def state_fields(state_code):
    state_id = STATE_BY_CODE[state_code]
    name, code, country_id = STATES[state_id]
    return {"state_id": state_id, "state": name, "country_id": country_id, "country": COUNTRIES[country_id][0]}


def get_countries(desk):
    return [
        E(
            "countries",
            [
                row(
                    "country_details",
                    "country_id",
                    {
                        "country_id": number,
                        "country": name,
                        "country_code": code,
                        "dialing_code": dialing,
                    },
                )
                for number, (name, code, dialing) in sorted(COUNTRIES.items(), key=lambda item: item[1])
            ],
        )
    ]


def get_states(desk):
    wanted = desk.values["country_id"]
    if wanted not in COUNTRIES:
        raise Refusal("country_id_invalid")
    return [
        E(
            "states",
            [
                row(
                    "state_details",
                    "state_id",
                    {
                        "state_id": number,
                        "state": name,
                        "state_code": code,
                        "country_id": country,
                    },
                )
                for number, (name, code, country) in STATES.items()
                if country == wanted
            ],
        )
    ]
