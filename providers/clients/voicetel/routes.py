"""Every call of VoiceTel's version 2.1: its name in the documents, its path, and what is peculiar to it."""

from dataclasses import dataclass

GENERAL = "general"
# Six an hour for everybody behind one IP address (the document does not say whether each has a count of its own).
LIMITED = {"accountApiKey": "apikey", "accountCdr": "cdr", "accountInfo": "info", "accountMrc": "mrc"}


@dataclass(frozen=True, slots=True)
class Route:
    """`signed`: takes the key. `owned`: names an object, so that a 401 may mean that it is another account's."""

    call: str
    path: str
    method: str = "POST"
    signed: bool = True
    owned: bool = False

    @property
    def bucket(self) -> str:
        return LIMITED.get(self.call, GENERAL)


# voicetel.yaml: methods, in the document's order
DOCUMENT = (
    Route("accountAdd", "/v2.1/account/add/"),
    Route("accountApiKey", "/v2.1/account/apikey/", signed=False),
    Route("accountCdr", "/v2.1/account/cdr/"),
    Route("accountInfo", "/v2.1/account/info/"),
    Route("accountMrc", "/v2.1/account/mrc/"),
    Route("accountRecover", "/v2.1/account/recover/", signed=False),
    Route("accountRegistration", "/v2.1/account/registration/"),
    Route("accountSignup", "/v2.1/account/signup/", signed=False),
)
# voicetel.yaml: beyond_document. The prefix /v2 of ordering and porting is no slip.
SIBLINGS = (
    Route("authList", "/v2.1/auth/list/"),
    Route("authUpdate", "/v2.1/auth/update/"),
    Route("aclAdd", "/v2.1/acl/add/"),
    Route("aclList", "/v2.1/acl/list/"),
    Route("aclRemove", "/v2.1/acl/remove/"),
    Route("numbersAdd", "/v2.1/numbers/add/", owned=True),
    Route("numbersCnam", "/v2.1/numbers/cnam/", owned=True),
    Route("numbersDisconnect", "/v2.1/numbers/disconnect/", owned=True),
    Route("numbersForwardRemove", "/v2.1/numbers/forward/", method="DELETE", owned=True),
    Route("numbersForwardSet", "/v2.1/numbers/forward/", owned=True),
    Route("numbersLidb", "/v2.1/numbers/lidb/", owned=True),
    Route("numbersList", "/v2.1/numbers/list/"),
    Route("numbersMove", "/v2.1/numbers/move/", owned=True),
    Route("numbersRemove", "/v2.1/numbers/remove/", owned=True),
    Route("numbersRoute", "/v2.1/numbers/route/", owned=True),
    Route("numbersTranslations", "/v2.1/numbers/translations/", owned=True),
    Route("addMessagingBrand", "/v2/iNumbering/addMessagingBrand/"),
    Route("addMessagingCampaign", "/v2/iNumbering/addMessagingCampaign/", owned=True),
    Route("tnInventory", "/v2/iNumbering/tnInventory/"),
    Route("tnInventoryCoverage", "/v2/iNumbering/tnInventoryCoverage/"),
    Route("tnMessagingCampaign", "/v2/iNumbering/tnMessagingCampaign/", owned=True),
    Route("tnOrder", "/v2/iNumbering/tnOrder/"),
    Route("portStatus", "/v2.1/iNumbering/portStatus/"),
    Route("portInAvailability", "/v2/iNumbering/portInAvailability/"),
    Route("portInOrder", "/v2/iNumbering/portInOrder/"),
    Route("portOutPinUpdate", "/v2/iNumbering/portOutPinUpdate/", owned=True),
    Route("gatewaysAdd", "/v2.1/gateways/add/"),
    Route("gatewaysList", "/v2.1/gateways/list/"),
    Route("gatewaysRemove", "/v2.1/gateways/remove/", owned=True),
    Route("gatewaysUpdate", "/v2.1/gateways/update/", owned=True),
    Route("campaigns", "/v2.1/messaging/campaigns/"),
    Route("disable", "/v2.1/messaging/disable/", owned=True),
    Route("dlr", "/v2.1/messaging/dlr/", owned=True),
    Route("enable", "/v2.1/messaging/enable/", owned=True),
    Route("mdr-mms", "/v2.1/messaging/mdr-mms/", owned=True),
    Route("mdr-sms", "/v2.1/messaging/mdr-sms/", owned=True),
    Route("mms", "/v2.1/messaging/mms/", owned=True),
    Route("routein", "/v2.1/messaging/routein/", owned=True),
    Route("routeout", "/v2.1/messaging/routeout/", owned=True),
    Route("sms", "/v2.1/messaging/sms/", owned=True),
    Route("status", "/v2.1/messaging/status/", owned=True),
    Route("e911ProvisionAddress", "/v2.1/e911/provisionAddress/", owned=True),
    Route("e911QueryAll", "/v2.1/e911/queryAll/"),
    Route("e911QueryRecord", "/v2.1/e911/queryRecord/", owned=True),
    Route("e911RemoveRecord", "/v2.1/e911/removeRecord/", owned=True),
    Route("e911ValidateAddress", "/v2.1/e911/validateAddress/"),
    Route("e911ValidateAndProvision", "/v2.1/e911/validateAndProvision/", owned=True),
    Route("infoCnam", "/v2.1/info/cnam/"),
    Route("infoLrn", "/v2.1/info/lrn/"),
    Route("infoRespOrg", "/v2.1/info/resporg/"),
)
ROUTES = {route.call: route for route in (*DOCUMENT, *SIBLINGS)}
