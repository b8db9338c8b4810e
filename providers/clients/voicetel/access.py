"""How the account's devices get in: the kind of sign-in, address blocks, and the gateways that numbers are routed to."""

import ipaddress
import re
from collections.abc import Iterable

from providers.clients.errors import NotFound
from providers.clients.records import ResourceRecord
from providers.clients.speaking import Repeat, speaks
from providers.clients.voicetel import values
from providers.clients.voicetel.partial import Outcome
from providers.clients.voicetel.refusals import refused_here
from providers.clients.voicetel.wire import Wire

# voicetel.yaml: authType
MODES = {0: "digest", 1: "address", 2: "digest or address", 3: "digest and address"}
MASKS = (8, 16, 24, 32)
# voicetel.yaml: the routes that every account has, beside its gateways
SYSTEM_ROUTES = {
    "1": "USER",
    "2": "T30",
    "3": "VOICE_BRIDGE",
    "4": "DID",
    "5": "T38",
    "6": "RTC_BRIDGE",
    "8": "SDN",
}
_PASSWORD = re.compile(r"^(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9]{6,10}$", re.ASCII)
_GATEWAY = re.compile(r"^(?=.{1,253}(?::|$))[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::(\d{1,5}))?$", re.ASCII)


class Access(Wire):
    @speaks("authList")
    def authentication(self) -> ResourceRecord:
        """How devices sign in: `authType` (MODES), the address blocks, the SIP hosts. (voicetel.yaml: authList)"""
        row = values.one(self.ask("authList", {"instructions": False, "authorizedEndpoints": True}), "account")
        mode = values.whole(row, "authType")
        if mode not in MODES:
            raise values.unreadable("authType", "one that we know")
        return ResourceRecord(
            kind="authentication",
            external_id=values.text(row, "username"),
            name=MODES[mode],
            fields=self.raw(row),
            raw=self.raw(row),
        )

    @speaks("authUpdate", Repeat.SAFE, settle="authList tells the kind; a password is set again")
    def update_authentication(self, mode: int | None = None, password: str = "") -> Outcome:
        """Change the kind of sign-in (MODES), the password (6 to 10 letters and digits, some of each), or both.

        The password is the account's: it is offered in `learned`, and the key may be another one afterwards.
        (voicetel.yaml: authUpdate)
        """
        body: dict[str, object] = {}
        if mode is not None:
            if mode not in MODES:
                raise refused_here("not-offered", "mode")
            body["authType"] = mode
        if password:
            if not _PASSWORD.match(password):
                raise refused_here("weak-password", "password", words="6 to 10 letters and digits, some of each")
            body["password"] = password
            self.redactor.learn(password)
        if not body:
            raise refused_here("missing", "mode")
        keep = lambda outcome: self._keep_password(password, outcome)  # noqa: E731
        return self.batch("authUpdate", body, "authentication", "update", then=keep)

    def _keep_password(self, password: str, outcome: Outcome) -> Outcome:
        if password and any(row.raw.get("password") for row in outcome.done):
            self._password, self._fetched = password, False
            self.learned["password"] = password
        return outcome

    @speaks("aclList")
    def acl(self) -> list[ResourceRecord]:
        """The address blocks that may call without a password; none is an empty list. (voicetel.yaml: aclList)"""
        try:
            tree = self.ask("aclList")
        except NotFound:
            return []
        rows = [] if tree.get("acl", 0) is None else values.rows(tree, "acl")
        return list(self.listing(rows, lambda row: self._resource("acl", row, "cidr")))

    @speaks("aclAdd", Repeat.SAFE, settle="aclList")
    def add_acl(self, blocks: Iterable[str]) -> Outcome:
        """Let public IPv4 blocks in; their masks are /8, /16, /24 or /32. (voicetel.yaml: aclAdd)"""
        return self.batch("aclAdd", {"acl": _blocks(blocks)}, "acl", "acl")

    @speaks("aclRemove", Repeat.SAFE, settle="aclList")
    def remove_acl(self, blocks: Iterable[str]) -> Outcome:
        """Take blocks out again. (voicetel.yaml: aclRemove)"""
        return self.batch("aclRemove", {"acl": _blocks(blocks)}, "acl", "acl")

    # --- gateways

    @speaks("gatewaysList")
    def gateways(self) -> list[ResourceRecord]:
        """Where numbers may be routed: the system's routes (SYSTEM_ROUTES) and our gateways. `external_id` is the route.
        (voicetel.yaml: gatewaysList)
        """
        rows = values.rows(self.ask("gatewaysList"), "gateways")
        return list(self.listing(rows, lambda row: self._resource("gateway", row, "route", "gateway")))

    @speaks("gatewaysAdd", Repeat.NEVER, settle="gatewaysList: a route with our host")
    def add_gateways(self, hosts: Iterable[str]) -> Outcome:
        """Add gateways: public addresses or host names, with :port where it is not 5060. (voicetel.yaml: gatewaysAdd)"""
        body = {"gateways": [{"gateway": _host(host)} for host in hosts]}
        return self.batch("gatewaysAdd", body, "gateway", "gateways")

    @speaks("gatewaysUpdate", Repeat.SAFE, settle="gatewaysList")
    def update_gateways(self, hosts: dict[str, str]) -> Outcome:
        """Change the hosts of routes, host by route. (voicetel.yaml: gatewaysUpdate)"""
        rows = [{"gateway": _host(host), "route": values.route_id(route)} for route, host in hosts.items()]
        return self.batch("gatewaysUpdate", {"gateways": rows}, "gateway", "gateways")

    @speaks("gatewaysRemove", Repeat.SAFE, settle="gatewaysList")
    def remove_gateways(self, routes: Iterable[str]) -> Outcome:
        """Remove gateways that no number is routed to. (voicetel.yaml: gatewaysRemove)"""
        body = {"routes": [{"route": values.route_id(route)} for route in routes]}
        return self.batch("gatewaysRemove", body, "gateway", "routes")

    def _resource(self, kind: str, row: dict, key: str, name: str = "") -> ResourceRecord:
        masked, external_id = self.raw(row), values.required(row, key)
        return ResourceRecord(
            kind=kind, external_id=external_id, name=values.text(row, name or key), fields=masked, raw=masked
        )


def _blocks(blocks: Iterable[str]) -> list[dict]:
    found = [{"cidr": _block(block)} for block in blocks]
    if not found:
        raise refused_here("missing", "acl")
    return found


def _block(block: str) -> str:
    try:
        network = ipaddress.IPv4Network(block.strip())
    except ValueError:
        network = None
    if network is None or network.prefixlen not in MASKS:
        raise refused_here("not-a-block", "acl", words="a public IPv4 block of /8, /16, /24 or /32")
    return str(network)


def _host(host: str) -> str:
    found = _GATEWAY.match(host.strip())
    if not found or (found[1] and not 0 < int(found[1]) < 65536):
        raise refused_here("not-a-host", "gateway")
    return host.strip()
