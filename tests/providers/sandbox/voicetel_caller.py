"""A caller of the VoiceTel sandbox that checks every status against the list in its description."""

import json
from urllib.parse import urlsplit

from providers.sandbox import voicetel
from tests.providers.sandbox.caller import Caller

PACKAGES = {"voicetel": voicetel}  # the world of these tests
# call, verb, path, statuses besides 200
TABLE = """
accountAdd POST /v2.1/account/add/ 400,401,409
accountApiKey POST /v2.1/account/apikey/ 400,401,429
accountCdr POST /v2.1/account/cdr/ 400,401,429
accountInfo POST /v2.1/account/info/ 400,401,429
accountMrc POST /v2.1/account/mrc/ 400,401,429
accountRecover POST /v2.1/account/recover/ 400,404
accountRegistration POST /v2.1/account/registration/ 400,401,404
accountSignup POST /v2.1/account/signup/ 400,409
authList POST /v2.1/auth/list/ 400,401
authUpdate POST /v2.1/auth/update/ 400,401,409
aclAdd POST /v2.1/acl/add/ 400,401,409
aclList POST /v2.1/acl/list/ 400,401,404
aclRemove POST /v2.1/acl/remove/ 400,401,409
numbersAdd POST /v2.1/numbers/add/ 400,401,402,409
numbersCnam POST /v2.1/numbers/cnam/ 400,401,409
numbersDisconnect POST /v2.1/numbers/disconnect/ 400,401,409
numbersForwardRemove DELETE /v2.1/numbers/forward/ 400,401,409
numbersForwardSet POST /v2.1/numbers/forward/ 400,401,409
numbersLidb POST /v2.1/numbers/lidb/ 400,401,409
numbersList POST /v2.1/numbers/list/ 400,401,404
numbersMove POST /v2.1/numbers/move/ 400,401,409
numbersRemove POST /v2.1/numbers/remove/ 400,401,409
numbersRoute POST /v2.1/numbers/route/ 400,401,409
numbersTranslations POST /v2.1/numbers/translations/ 400,401,409
addMessagingBrand POST /v2/iNumbering/addMessagingBrand/ 400,401,409,410,411,414,431,470
addMessagingCampaign POST /v2/iNumbering/addMessagingCampaign/ 400,401,409,410,411,414,430,431
tnInventory POST /v2/iNumbering/tnInventory/ 400,401,409
tnInventoryCoverage POST /v2/iNumbering/tnInventoryCoverage/ 400,401,409
tnMessagingCampaign POST /v2/iNumbering/tnMessagingCampaign/ 400,401,409,410,414,422,431,432
tnOrder POST /v2/iNumbering/tnOrder/ 400,401,409
portStatus POST /v2.1/iNumbering/portStatus/ 400,401,409
portInAvailability POST /v2/iNumbering/portInAvailability/ 400,401,409,410,411,414,430,431
portInOrder POST /v2/iNumbering/portInOrder/ 400,401,403,409,410,412,414,430,431
portOutPinUpdate POST /v2/iNumbering/portOutPinUpdate/ 400,401,409
gatewaysAdd POST /v2.1/gateways/add/ 400,401,409
gatewaysList POST /v2.1/gateways/list/ 400,401
gatewaysRemove POST /v2.1/gateways/remove/ 400,401,409
gatewaysUpdate POST /v2.1/gateways/update/ 400,401,409
campaigns POST /v2.1/messaging/campaigns/ 400,401
disable POST /v2.1/messaging/disable/ 400,401,409
dlr POST /v2.1/messaging/dlr/ 400,401
enable POST /v2.1/messaging/enable/ 400,401,409
mdr-mms POST /v2.1/messaging/mdr-mms/ 400,401,404
mdr-sms POST /v2.1/messaging/mdr-sms/ 400,401,404
mms POST /v2.1/messaging/mms/ 400,401,402,405,406
routein POST /v2.1/messaging/routein/ 400,401,409
routeout POST /v2.1/messaging/routeout/ 400,401,409
sms POST /v2.1/messaging/sms/ 400,401,402,405,406,422
status POST /v2.1/messaging/status/ 400,401,409
e911ProvisionAddress POST /v2.1/e911/provisionAddress/ 400,401,409
e911QueryAll POST /v2.1/e911/queryAll/ 400,401,404
e911QueryRecord POST /v2.1/e911/queryRecord/ 400,401,409
e911RemoveRecord POST /v2.1/e911/removeRecord/ 400,401,409
e911ValidateAddress POST /v2.1/e911/validateAddress/ 400,401,409
e911ValidateAndProvision POST /v2.1/e911/validateAndProvision/ 400,401,409
infoCnam POST /v2.1/info/cnam/ 400,401
infoLrn POST /v2.1/info/lrn/ 400,401
infoRespOrg POST /v2.1/info/resporg/ 400,401
"""
CALLS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}
STATUSES = {name: {200, *map(int, row[2].split(","))} for name, row in CALLS.items()}


class VoiceTel(Caller):
    """`call` gives (status, body); `good` the body of a 200. `ip` is the address that the caller pretends."""

    def __init__(self, sandbox, key="lachance", ip=""):
        self.sandbox, self.host = (
            sandbox,
            urlsplit(sandbox.base_url).netloc,
        )  # the parent would want a VoiceMeUp account
        self.key, self.ip = key, ip
        self.mark = len(sandbox.journal.effects)  # a reset keeps the journal, and the tests of a module share it

    @property
    def account(self):
        return self.sandbox.world.slugs["voicetel"]["accounts"][self.key]

    def other(self, key, ip=""):
        return VoiceTel(self.sandbox, key, ip or self.ip)

    def raw(self, name, body=None, headers=None, path=None, method=None):
        verb, where, _ = CALLS[name]
        headers = {"Content-Type": "application/json", **(headers or {})}
        if self.ip:
            headers["X-Sandbox-Client-IP"] = self.ip
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        status, _, answer = self.http(method or verb, "/voicetel" + (path or where), data, headers)
        return status, json.loads(answer)

    def call(self, name, /, **body):
        status, answer = self.raw(name, body, {"Authorization": f"Bearer {self.account['apikey']}"})
        assert status in STATUSES[name], (name, status, answer)
        assert answer["statusCode"] == str(status)
        assert answer["status"] == ("Success" if status == 200 else "Error")
        return status, answer

    def good(self, name, /, **body):
        status, answer = self.call(name, **body)
        assert status == 200, answer
        return answer

    def bad(self, name, wanted, /, **body):
        status, answer = self.call(name, **body)
        assert status == wanted, answer
        return answer

    # -- small helps

    def texting(self):
        return next(number for number, row in self.account["numbers"].items() if row["messaging"])

    def silent(self):
        return next(number for number, row in self.account["numbers"].items() if not row["messaging"])

    def for_sale(self, npa="315"):
        found = self.good("tnInventory", quantity=5, tnMask=f"{npa}xxxxxxx")["tnResult"]
        return [row["telephoneNumber"] for row in found]

    def effects(self, kind):
        return [row for row in self.see(f"ledger?since={self.mark}&kind={kind}") if row["slug"] == "voicetel"]
