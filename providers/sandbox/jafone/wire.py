"""How JaFone writes: plain JSON, or (as a quirk) exactly what its document prints, which is not always JSON."""

import json
import re

GLUED = re.compile(r"(?P<value>[^=]*?)action=(?P<action>\w+)")
STRICT_TYPE, QUIRK_TYPE = "application/json", "text/html; charset=UTF-8"
BARE = re.compile(r'^("Enabled": )"(yes|no)"', re.MULTILINE)
COMMENT = re.compile(r'^("RoutingType": "[01]")$', re.MULTILINE)
NO_COMMA = re.compile(r'^("(?:PhoneNumber|RetriesInterval)": "[0-9]*"),$', re.MULTILINE)
# action: what its sample answer gets wrong
ODDITIES = {
    "getCallForwardingInfo": lambda text: BARE.sub(r"\1\2", text),
    "setCallForwarding": lambda text: BARE.sub(r"\1\2", text),
    "getCallRoutingType": lambda text: COMMENT.sub(r"\1 # 0 = standard, 1= premium", text),
    "setDoNotContact": lambda text: NO_COMMA.sub(r"\1", text),
    "createTtsCallSvt": lambda text: re.sub(NO_COMMA.pattern.replace("PhoneNumber|", ""), r"\1", text, flags=re.M),
}


def write(answer, action, quirks):
    """(bytes, content type)."""
    if not quirks:
        return json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace"), STRICT_TYPE
    text = json.dumps(answer, ensure_ascii=False, indent=0)
    return ODDITIES.get(action, str)(text).encode("utf-8", "replace"), QUIRK_TYPE


def parameters(request, quirks):
    """The query and a posted form together; as a quirk also `to=20191005action=getTransactions`, as printed."""
    params = dict(request.params)
    if quirks and not params.get("action"):
        for name, value in list(params.items()):
            found = GLUED.fullmatch(value)
            if found:
                params[name], params["action"] = found["value"], found["action"]
    return params
