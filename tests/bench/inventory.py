"""The list of numbers over a thousand and over a million: python -m tests.bench.inventory ROWS [FEW]. Prints a line of JSON.

Asked for and compared as `tests.bench.inbox` does it. A tenth of the numbers have no 911 address, one in sixteen is gone and one
disabled, half have no name: what few numbers have, and what too many have, is both asked for, and fills a page either way.
"""

import gc
import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Account, Membership, RemoteAccount, User  # noqa: E402
from numbering.models import EmergencyEndpoint, Number  # noqa: E402
from providers.models import Connection  # noqa: E402
from tests.bench.inbox import BATCH, NOW, beside, compare  # noqa: E402

CITIES = ["Montréal", "Laval", "Québec", "Gatineau", "Toronto", "Ottawa", "Halifax", "Calgary", "Regina", "Victoria"]
SETTINGS = {
    "label": "", "forwarding": True, "forward_to": "+14385550177", "forward_after": 20, "voicemail": False,
    "caller_id_name": "", "sms": True, "sms_email": "", "sms_forward_to": "", "sms_webhook": "portal",
    "sms_webhook_retry": False, "sms_autoreply": "", "comments": "",
}  # fmt: skip


class World:
    """One account at two upstreams, whose owner is signed in."""

    def __init__(self):
        made = Connection.objects.create
        self.connections = [
            made(name=slug, slug=slug, base_url="http://127.0.0.1:1/") for slug in ("voicemeup", "voicetel")
        ]
        self.account = Account.objects.create(name="Numbers", kind=Account.Kind.CUSTOMER)
        for one in self.connections:
            RemoteAccount.objects.create(connection=one, external_id="", account=self.account)
        owner = User.objects.create_user("numbers@example.test", "x", name="Owner")
        Membership.objects.create(user=owner, account=self.account, role="owner")
        self.client = Client()
        self.client.force_login(owner)

    def fill(self, rows: int) -> None:
        for first in range(0, rows, BATCH):
            numbers = [self._number(n, rows) for n in range(first, min(first + BATCH, rows))]
            Number.objects.bulk_create(numbers)
            covered = [number for number in numbers if int(number.external_id) % 10]
            EmergencyEndpoint.objects.bulk_create(
                EmergencyEndpoint(
                    connection=number.connection, account=self.account, external_id=number.external_id,
                    number=number.number, provisioned=True, address={},
                )
                for number in covered
            )  # fmt: skip
        if connection.vendor in ("postgresql", "sqlite"):
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def _number(self, n: int, rows: int) -> Number:
        """Spread over all area codes, however many there are, so that a page shows as many either way."""
        number = f"+1{200 + n % 800}{n * 7_919 % 10_000_000:07}" if n > 99 else f"+1{200 + n}5550134"
        return Number(
            connection=self.connections[n % 15 == 7], account=self.account, external_id=str(n), number=number,
            digits_reversed=number[::-1], label=f"Line {n}" if n % 2 else "", city=CITIES[n % 10], region="QC", country="CA",
            sms=n % 3 > 0, mms=n % 3 > 1, fax=n % 18 == 3, sms_enabled=True, settings=SETTINGS, digest=str(n),
            cost_center=f"{n % 40}" if n % 4 == 0 else "", gone_at=NOW if n % 16 == 11 else None,
            status="disabled" if n % 16 == 12 else "active",
        )  # fmt: skip

    def pages(self) -> dict[str, str]:
        rows = Number.objects.for_account(self.account).present()
        unnamed = rows.filter(label="").order_by("number").values_list("pk", flat=True)[60]
        far = rows.order_by("number").values_list("pk", flat=True)[500]
        return {
            "numbers": "/numbers/",
            "numbers, a page on": f"/numbers/?after={far}",
            "numbers, by name, deep in one group": f"/numbers/?sort=name&after={unnamed}",
            "numbers, by city": "/numbers/?sort=city",
            "numbers, by cost centre": "/numbers/?sort=cost",
            "numbers, newest": "/numbers/?sort=newest",
            "numbers, of a city": "/numbers/?city=Laval",
            "numbers, that text": "/numbers/?can=sms",
            "numbers, that take faxes": "/numbers/?can=fax",
            "numbers, of a provider": f"/numbers/?upstream={self.connections[1].pk}",
            "numbers, disabled": "/numbers/?state=disabled",
            "numbers, gone": "/numbers/?state=gone",
            "numbers, without 911": "/numbers/?e911=missing",
            "numbers, four last digits": "/numbers/?q=0134",
        }

    def ask(self, path: str) -> float:
        return ask(self.client, path)


def ask(client: Client, path: str) -> float:
    started = time.perf_counter()
    answer = client.get(path)
    taken = time.perf_counter() - started
    assert answer.status_code == 200, path
    return taken


def main(rows: int, few: int) -> None:
    worlds = {}
    for name, count in (("few", few), ("many", rows)):
        wrapper = beside(name)
        worlds[name] = (wrapper, World())
        worlds[name][1].fill(count)
    gc.collect()
    gc.freeze()
    cache.clear()
    print(json.dumps({page: compare(worlds, page) for page in worlds["few"][1].pages()}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
