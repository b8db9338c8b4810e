"""What VoiceTel knows of any North American number. Each look-up is billed, and each service must be on."""

from providers.clients import phones
from providers.clients.errors import Rejected
from providers.clients.records import LookupRecord
from providers.clients.speaking import speaks
from providers.clients.voicetel import values
from providers.clients.voicetel.wire import Wire


class Lookups(Wire):
    def lookup(self, number: str) -> LookupRecord:
        """Carrier, place and routing number of a number (E.164), and the name it calls by: two look-ups. A toll-free
        number has a responsible organisation instead. A name that is refused is left out.

        (voicetel.yaml: infoLrn, infoCnam, infoRespOrg)
        """
        values.ten(number)
        if phones.is_toll_free(number):
            return LookupRecord(number=number, carrier=self.responsible_organization(number), line_type="tollfree")
        row = self.routing(number)
        try:
            name = self.caller_name(number)
        except Rejected:
            name = ""
        return LookupRecord(
            number=number,
            carrier=values.text(row, "LEC"),
            line_type=values.text(row, "LECTYPE"),
            caller_name=name,
            city=values.text(row, "CITY"),
            region=values.text(row, "STATE"),
            country=phones.region(number),
            routing_number=_routing_number(row),
            raw=row,
        )

    @speaks("infoLrn")
    def routing(self, number: str, caller: str = "") -> dict:
        """Where calls to a number (E.164) are delivered, in upstream's words: LRN, LEC, OCN, RC, LATA, JURISDICTION ...
        The last depends on who calls: `caller`, or the number itself. (voicetel.yaml: infoLrn)
        """
        body = {"cid": values.integer(caller or number, "caller"), "dst": values.integer(number)}
        return self.raw(values.one(self.ask("infoLrn", body), "lrn"))

    @speaks("infoCnam")
    def caller_name(self, number: str) -> str:
        """The name that a number (E.164) calls by, "" for none. (voicetel.yaml: infoCnam)"""
        return self.ask("infoCnam", {"cid": values.integer(number)}, then=lambda tree: values.text(tree, "cnam"))

    @speaks("infoRespOrg")
    def responsible_organization(self, number: str) -> str:
        """Who is responsible for a toll-free number (E.164), "" when it is not told. (voicetel.yaml: infoRespOrg)"""
        found = values.one(self.ask("infoRespOrg", {"tn": values.integer(number)}), "RespOrg")
        return values.text(found, values.ten(number))


def _routing_number(row: dict) -> str:
    written = values.text(row, "LRN")
    try:
        return phones.from_wire(written) if written else ""
    except phones.PhoneError:
        return written
