"""One measurement in a process of its own: python -m tests.bench.work NAME ROWS. Prints a line of JSON.

The rows are made by a generator, as a client's listing is, so that nothing but the code under test can hold them all.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.files import File  # noqa: E402
from django.db import connection as database  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Account, Membership, RemoteAccount, User  # noqa: E402
from messaging.campaigns import checking  # noqa: E402
from messaging.models import Campaign, Message, Thread  # noqa: E402
from messaging.upstream import log  # noqa: E402
from numbering.batches import running  # noqa: E402
from numbering.models import Number, NumberBatch  # noqa: E402
from numbering.upstream import numbers  # noqa: E402
from numbering.upstream.records import values_of, webhook_addresses  # noqa: E402
from providers.clients.records import Direction, MessageRecord, NumberRecord, NumberStatus, Transmission  # noqa: E402
from providers.mirroring import digest_of  # noqa: E402
from providers.models import Connection, Feed  # noqa: E402
from providers.tally import Tally  # noqa: E402

BATCH = 1000
TEXTING = {"sms": True, "sms_enabled": True, "country": "CA"}
CONTACTS = 2000
START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def e164(n: int) -> str:
    """A number that nobody has, for any n below ten million."""
    return f"+1999{n:07}"


def number_records(count: int) -> Iterator[NumberRecord]:
    settings = {"label": "Line", "forwarding": False, "forward_to": "", "sms": True, "sms_webhook": "", "comments": ""}
    for n in range(count):
        yield NumberRecord(
            external_id=str(n), number=e164(n), status=NumberStatus.ACTIVE, city="Montréal", region="QC", country="CA",
            sms=True, mms=True, label=f"Line {n}", settings={**settings, "label": f"Line {n}"},
            raw={"client_did_id": str(n), "phone_number": e164(n), "district": "Montréal"},
        )  # fmt: skip


def message_records(count: int) -> Iterator[MessageRecord]:
    for n in range(count):
        inbound = n % 3 > 0
        sides = (e164(n % CONTACTS), e164(9_000_000 + n % 12))
        yield MessageRecord(
            external_id=f"id-{n}", direction=Direction.INBOUND if inbound else Direction.OUTBOUND,
            source=sides[0] if inbound else sides[1], destination=sides[1] if inbound else sides[0],
            body=f"Bonjour, c'est le message {n}.", transmission=Transmission.SENT, sent_at=START + timedelta(seconds=n),
            log_id=str(n), raw={"sms_log_id": str(n), "message": f"Bonjour, c'est le message {n}."},
        )  # fmt: skip


class Upstream:
    """Stands for a client: its listings come out of generators."""

    def __init__(self, rows: int):
        self.rows, self.unread = rows, []

    def numbers(self):
        return number_records(self.rows)

    def messages(self, since, until=None, **_filters):
        return message_records(self.rows) if until is None else iter(())

    def today(self):
        return START.date()


def world(feed: str) -> Feed:
    """A connection with its account; made once, found by the measurements that follow."""
    connection = Connection.objects.filter(name="bench").first() or Connection.objects.create(
        name="bench", slug="voicemeup", base_url="http://127.0.0.1:1/"
    )
    account = Account.objects.filter(name="Bench").first()
    account = account or Account.objects.create(name="Bench", kind=Account.Kind.CUSTOMER)
    RemoteAccount.objects.get_or_create(connection=connection, external_id="", defaults={"account": account})
    return Feed.objects.get_or_create(connection=connection, name=feed)[0]


def sync_numbers(rows: int) -> None:
    numbers.bring_home(Upstream(rows), world("numbers"), Tally())


def sync_messages(rows: int) -> None:
    feed = world("messages")
    feed.cursor = {"through": "2026-11-20", "oldest": "2026-01-01", "complete": True}
    log.bring_home(Upstream(rows), feed, Tally(), wake=lambda pk: None)


def bare_numbers(rows: int) -> None:
    """The same rows in bare bulk upserts: what any sync has to pay at least when everything is written."""
    connection, owner = world("numbers").connection, Account.objects.get(name="Bench").pk
    webhooks, now = webhook_addresses(connection), timezone.now()
    found: list[Number] = []
    for record in number_records(rows):
        values = values_of(record, connection, lambda _: owner, webhooks)
        found.append(
            Number(
                connection=connection, external_id=record.external_id, digest=digest_of(values), synced_at=now, **values
            )
        )
        if len(found) == BATCH:
            upsert(Number, found)


def bare_messages(rows: int) -> None:
    connection, account = world("messages").connection, Account.objects.get(name="Bench")
    thread, _ = Thread.objects.get_or_create(account=account, our_number=e164(1), contact_number=e164(2))
    found: list[Message] = []
    for n, record in enumerate(message_records(rows), 1):
        found.append(
            Message(
                pk=n,
                connection=connection,
                account=account,
                thread=thread,
                external_id=record.external_id,
                direction=record.direction.value,
                state="sent",
                our_number=e164(1),
                contact_number=e164(2),
                body=record.body,
                at=record.sent_at,
                transmitted_at=record.sent_at,
                log_id=record.log_id,
                raw=record.raw,
            )  # fmt: skip
        )
        if len(found) == BATCH:
            upsert(Message, found)


def upsert(model, rows: list) -> None:
    """Written over what is there; the list is emptied. Messages by their pk: their own uniqueness has a condition."""
    unique = ["id"] if model is Message else ["connection", "external_id"]
    fixed = {"id", "public_id", "created_at", *unique}
    columns = [field.name for field in model._meta.concrete_fields if field.name not in fixed]
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=columns)
    rows.clear()


def check_campaign(rows: int) -> None:
    """Every row of a file through the whole check, as the worker does it."""
    if database.vendor == "sqlite":
        with database.cursor() as cursor:  # its own cache of pages is bounded, and not what is measured here
            cursor.execute("PRAGMA cache_size=-2000")
            cursor.execute("PRAGMA mmap_size=0")
    connection, account = world("messages").connection, Account.objects.get(name="Bench")
    Number.objects.get_or_create(
        connection=connection, account=account, number="+15145550134", defaults={"external_id": "campaign", **TEXTING}
    )
    campaign = Campaign.objects.create(
        account=account,
        name="Bench",
        sender="+15145550134",
        body_en="Hi {{first_name}}, sale on Friday.",
        state="checking",
    )
    with tempfile.TemporaryFile() as file:
        file.write(b"phone,first name\n")
        for n in range(rows):
            file.write(b"+1438%d,Client %d\n" % (2_000_000 + n, n))
        campaign.file.save("bench.csv", File(file))
    assert checking.check(campaign.pk)
    campaign.refresh_from_db()
    assert campaign.counts["fit"] == rows, campaign.counts
    campaign.file.delete()
    campaign.rows.all().delete()


def import_numbers(rows: int) -> None:
    """A file that names a number in every row: tried, then written, as the worker does it. A cost centre is ours alone, so
    that what is measured is the reading, the forms and the rows of results, and no queue of changes."""
    if database.vendor == "sqlite":
        with database.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-2000")
            cursor.execute("PRAGMA mmap_size=0")
    connection, account = world("numbers").connection, Account.objects.get(name="Bench")
    owner, _ = User.objects.get_or_create(email="bench@example.test")
    Membership.objects.get_or_create(user=owner, account=account, defaults={"role": "owner"})
    settings = {"label": "", "forwarding": False, "forward_to": "", "forward_after": 0, "voicemail": False}
    for first in range(0, rows, BATCH):
        made = [f"+1438{2_000_000 + n}" for n in range(first, min(first + BATCH, rows))]
        Number.objects.bulk_create(
            (
                Number(
                    connection=connection, account=account, external_id=number, number=number,
                    digits_reversed=number[::-1], settings=settings,
                )
                for number in made
            ),
            ignore_conflicts=True,
        )  # fmt: skip
    columns = {"0": "number", "1": "cost_center", "2": "voicemail"}
    job = NumberBatch(account=account, name="bench.csv", created_by=owner, plan={"columns": columns}, state="checking")
    with tempfile.TemporaryFile() as file:
        for n in range(rows):
            file.write(b"438%d,West %d of %d,no\n" % (2_000_000 + n, n, rows))
        job.size = file.tell()
        job.file.save("bench.csv", File(file))
    for state in ("checking", "running"):
        NumberBatch.objects.filter(pk=job.pk).update(state=state)
        again = [job.pk]
        while again:
            running.work(again.pop(), again.append)
    job.refresh_from_db()
    assert job.checked == {"change": rows} and job.counts == {"noted": rows}, (job.checked, job.counts)
    job.file.delete()


def nothing(rows: int) -> None:
    """What the process weighs by itself, the rows made and let go."""
    for record in number_records(rows):
        fields(record)


WORK = SimpleNamespace(
    nothing=nothing, sync_numbers=sync_numbers, sync_messages=sync_messages, bare_numbers=bare_numbers,
    bare_messages=bare_messages, check_campaign=check_campaign, import_numbers=import_numbers,
)  # fmt: skip


def main(name: str, rows: int) -> None:
    started = time.perf_counter()
    getattr(WORK, name)(rows)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"name": name, "rows": rows, "seconds": round(seconds, 3), "peak_mb": round(peak, 1)}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
