"""The older GET API, whose token stands in the address. Its answers are not published: read as the newer ones are."""

from urllib.parse import urlsplit, urlunsplit

from providers.clients.http import Request
from providers.clients.jomobile import values
from providers.clients.jomobile.envelope import STATUSES, refused_here
from providers.clients.jomobile.sending import OutgoingText, Sending, gmt, sent, words
from providers.clients.jomobile.tokens import GENERAL
from providers.clients.records import ResourceRecord, SentMessage
from providers.clients.speaking import Repeat, speaks


class Legacy(Sending):
    @property
    def legacy_base_url(self) -> str:
        """`restapi.` of the host becomes `api.`, unless the connection says where the old API is."""
        said = self.credentials.get("legacy_base_url")
        if said:
            return str(said).rstrip("/")
        parts = urlsplit(self.base_url)
        host = parts.netloc.replace("restapi.", "api.", 1) if parts.netloc.startswith("restapi.") else parts.netloc
        return urlunsplit((parts.scheme, host, parts.path, "", ""))

    @speaks("legacy-get-send", Repeat.NEVER, settle="sms-full-data since before it was sent")
    def legacy_send(self, item: OutgoingText) -> SentMessage:
        """Send one text to one number over the old API. See `send_message`. (jomobile.yaml: legacy-get-send)"""
        if len(item.numbers) != 1:
            raise refused_here("package-size", "destination", words="one number")
        (number,) = item.numbers
        query = {
            "phone": values.digits(number),
            "senderID": values.sender_id(item.sender),
            "text": words(item.body),
            "type": item.kind,
            "lifetime": str(item.lifetime or ""),
            "beginDate": gmt(item.begin).strftime("%Y-%m-%d") if item.begin else "",
            "beginTime": gmt(item.begin).strftime("%H:%M") if item.begin else "",
            "delivery": "TRUE" if item.delivery else "FALSE",
        }
        call = "legacy-get-send"
        (result,) = self._old(call, "/send", query, True, lambda data: self.results(data, [number]))
        return sent(result, call)

    @speaks("legacy-get-replacement")
    def legacy_preview(self, number: str, source: str, body: str) -> list[ResourceRecord]:
        """What the substitution rules would make of a text. See `preview`. (jomobile.yaml: legacy-get-replacement)"""
        query = {"phone": values.digits(number), "senderID": values.sender_id(source), "text": words(body)}
        return self._old("legacy-get-replacement", "/replacement", query, False, self.previews)

    def _old(self, call: str, path: str, query: dict[str, str], write: bool, then):
        asked = tuple((key, value) for key, value in query.items() if value)
        return self.with_token(
            lambda token: self.http.call(
                Request(
                    call=call,
                    bucket=GENERAL,
                    url=self.legacy_base_url + path,
                    method="GET",
                    query=(("token", token), *asked),
                    write=write,
                    accept=STATUSES,
                ),
                lambda answer: then(self._read(answer)),
            ),
            write=write,
        )
