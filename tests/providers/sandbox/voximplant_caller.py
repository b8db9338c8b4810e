"""A small caller of the Voximplant side of the sandbox, signing its own tokens."""

import base64
import datetime
import json
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from providers.sandbox.voximplant import rsa_keys
from tests.providers.sandbox.caller import Caller

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OUTSIDE = "17865550102"


def packed(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def on_the_wire(value):
    """As the Python library writes it."""
    if isinstance(value, list):
        return ";".join(on_the_wire(one) for one in value)
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


class Voximplant(Caller):
    def __init__(self, sandbox, key="lachance"):
        super().__init__(sandbox)
        self.key = key

    @property
    def account(self):
        accounts = self.sandbox.world.slugs["voximplant"]["accounts"].values()
        return next(account for account in accounts if account["key"] == self.key)

    @account.setter
    def account(self, _):
        """Looked up anew each time: a reset makes new ones."""

    @property
    def api_key(self):
        """The older credentials."""
        return {"account_id": self.account["account_id"], "api_key": self.account["api_key"]}

    def other(self, key):
        return Voximplant(self.sandbox, key)

    def token(self, key=0, alg="RS256", **claims):
        row, now = self.account["keys"][key], int(self.sandbox.clock.now())
        head = {"typ": "JWT", "alg": alg, "kid": row["key_id"]}
        body = {"iss": str(self.account["account_id"]), "iat": now, "exp": now + 60, **claims}
        signed = f"{packed(head)}.{packed(body)}"
        pair = rsa_keys.private_key(row["made_from"])
        return f"{signed}.{packed(pair.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"

    def signed(self, **claims):
        return {"Authorization": f"Bearer {self.token(**claims)}"}

    def post(self, path, params, headers=None):
        """(status, headers, body) of a form."""
        return self.http("POST", path, urlencode(params), {**FORM, **(headers or {})})

    def wire(self, method, headers=None, **params):
        form = {name: on_the_wire(value) for name, value in params.items()}
        return self.post(f"/voximplant/platform_api/{method}/", form, headers or self.signed())

    def ask(self, method, headers=None, **params):
        status, _, body = self.wire(method, headers, **params)
        assert status == 200
        return json.loads(body)

    def get(self, method, headers=None, **params):
        answer = self.ask(method, headers, **params)
        assert "error" not in answer, (method, answer)
        return answer

    def refused(self, method, headers=None, **params):
        answer = self.ask(method, headers, **params)
        assert "error" in answer, (method, answer)
        return answer["error"]["code"]

    # -- small helps

    def later(self, seconds):
        self.do("clock", advance=seconds)

    def quirky(self):
        self.do("settings", quirks=["voximplant"])

    def effects(self, kind):
        return [row["data"] for row in self.see("ledger?slug=voximplant") if row["kind"] == kind]

    def balance(self):
        return self.get("GetAccountInfo")["result"]["balance"]

    @property
    def line(self):
        """A number of the account that takes texts."""
        return next(row for row in self.account["numbers"] if row["sms_enabled"])["phone_number"]

    def calls_back_to(self, url):
        self.get("SetAccountInfo", callback_url=url, callback_salt="s4lt-91")
