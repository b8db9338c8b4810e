"""A small caller of the JaFone side of the sandbox."""

import json
from urllib.parse import urlencode, urlsplit

from providers.sandbox import jafone, jomobile
from tests.providers.sandbox.caller import Caller

PACKAGES = {"jafone": jafone, "jomobile": jomobile}  # a world with these two is made anew sooner

OUTSIDE = "12635550102"


class JaFone(Caller):
    def __init__(self, sandbox, key="lachance"):
        self.sandbox, self.host, self.key = sandbox, urlsplit(sandbox.base_url).netloc, key

    @property
    def account(self):
        """Looked up anew each time: a reset makes new ones."""
        return self.sandbox.world.slugs["jafone"]["accounts"][self.key]

    @property
    def auth(self):
        return {"userId": self.account["user_id"], "key": self.account["api_key"]}

    def other(self, key):
        return JaFone(self.sandbox, key)

    @property
    def dids(self):
        return list(self.account["dids"])

    def wire(self, action, **params):
        """(status, headers, body) of one action."""
        query = urlencode({**self.auth, **params, **({"action": action} if action else {})})
        return self.http("GET", f"/jafone/v3/rest.php?{query}")

    def ask(self, action, **params):
        status, _, body = self.wire(action, **params)
        assert status == 200
        return json.loads(body)

    def get(self, action, **params):
        """The payload of a success."""
        answer = self.ask(action, **params)
        assert answer.pop("Status") == "Success", answer
        return next(iter(answer.values())) if answer else None

    def refused(self, action, **params):
        answer = self.ask(action, **params)
        assert answer["Status"] == "Error", answer
        return answer["Message"]

    def text(self, message="hello", receiver=OUTSIDE, **more):
        params = {"journalId": "1", "dnclId": "0", "didNumber": self.dids[0], "receiver": receiver, "message": message}
        return self.get("sendSMS", **{**params, **more})["Id"]

    def log(self, did=None, **more):
        return self.get("getSMS", didNumber=did or self.dids[0], **more)

    def effects(self, kind):
        return [row["data"] for row in self.see("ledger?slug=jafone") if row["kind"] == kind]

    def quirky(self):
        self.do("settings", quirks=["jafone"])

    def later(self, seconds):
        self.do("clock", advance=seconds)

    def balance(self):
        return self.get("getBalance")["Amount"]

    def good(self, action):
        """Parameters with which the action succeeds."""
        table = {
            "sendSMS": {
                "journalId": "7",
                "dnclId": "0",
                "didNumber": self.dids[0],
                "receiver": OUTSIDE,
                "message": "x",
            },
            "getSMS": {"didNumber": self.dids[0]},
            "getPhoneNumberInfo": {"number": OUTSIDE},
            "setDoNotContact": {"dnclId": "2", "number": OUTSIDE},
            "createCallback": {"caller": self.account["callback_numbers"]["1"], "receiver": OUTSIDE},
            "setCallBacknumber": {"id": "3", "number": OUTSIDE},
            "setCallForwarding": {"isEnabled": "yes", "number": OUTSIDE},
            "setCallRoutingType": {"type": "0"},
            "setLowBalanceAlert": {"amount": "5.00"},
            "setVoicemailEmails": {"emails": "one@lachance.example"},
            "scheduleConference": {"date": "20991231", "duration": "60"},
            "createTtsCallSvt": {"msgId": next(iter(self.account["messages"]), "0"), "number": OUTSIDE},
        }
        return table.get(action, {})
