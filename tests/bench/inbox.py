"""The inbox over a thousand texts and over a million, in one process: python -m tests.bench.inbox ROWS [FEW]. Prints a line of JSON.

The same pages are asked for in turns, through Django's test client, of a database with FEW texts and of one with ROWS;
what is compared is the server's time of a page that shows as many rows both times.
"""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Account, Membership, RemoteAccount, User  # noqa: E402
from messaging.models import Contact, Message, Thread  # noqa: E402
from numbering.models import Number  # noqa: E402
from providers.models import Connection  # noqa: E402

BATCH = 5000
OURS = "+15145550134"
TEXTS_OF_ONE = 50  # texts of an ordinary conversation
LONG = 100  # every so many texts is one of the longest conversation
WARM, TRIES = 4, 24
NOW = timezone.now()


class World:
    """One account whose owner is signed in; `fill` brings it to so many texts, the newest conversations staying the same."""

    def __init__(self):
        self.connection = Connection.objects.create(name="inbox", slug="voicemeup", base_url="http://127.0.0.1:1/")
        self.account = Account.objects.create(name="Inbox", kind=Account.Kind.CUSTOMER)
        RemoteAccount.objects.create(connection=self.connection, external_id="", account=self.account)
        Number.objects.create(
            connection=self.connection, account=self.account, external_id="1", number=OURS, label="Desk", sms=True,
            sms_enabled=True, kind="local", status="active",
        )  # fmt: skip
        owner = User.objects.create_user("inbox@example.test", "x", name="Owner")
        Membership.objects.create(user=owner, account=self.account, role="owner")
        self.client = Client()
        self.client.force_login(owner)
        self.texts = 0
        self.threads: list[Thread] = []

    def fill(self, texts: int) -> None:
        self._add_threads(max(60, texts // TEXTS_OF_ONE))
        batch = []
        for message in self._messages(self.texts, texts):
            batch.append(message)
            if len(batch) == BATCH:
                Message.objects.bulk_create(batch)
                batch.clear()
        Message.objects.bulk_create(batch)
        self.texts = texts
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def _add_threads(self, count: int) -> None:
        """Of every hundred one is archived, one blocked, one unread, three assigned."""
        first, rows = len(self.threads), []
        owner = User.objects.get(email="inbox@example.test")
        for n in range(first, count):
            rows.append(
                Thread(
                    account=self.account, our_number=OURS, contact_number=f"+1999{n:07}", contact_name=f"Quimper {n}" if n < 12 else f"Person {n}",
                    last_text="Bonjour, merci.", last_direction="inbound", last_at=NOW - timedelta(minutes=n),
                    archived_at=NOW if n % 100 == 91 else None, unread=int(n % 100 == 92),
                    assigned_to=owner if n % 100 > 96 else None,
                )
            )  # fmt: skip
        self.threads += Thread.objects.bulk_create(rows, batch_size=BATCH)
        blocked = [row for row in rows if int(row.contact_number[-7:]) % 100 == 93]
        Contact.objects.bulk_create(
            Contact(account=self.account, number=row.contact_number, blocked_at=NOW) for row in blocked
        )

    def _messages(self, first: int, until: int) -> Iterator[Message]:
        for n in range(first, until):
            thread = self.threads[0 if n % LONG < 6 else n % len(self.threads)]
            # The rare word stands in twelve texts however many there are.
            rare = " Zanzibar" if n < 12 else ""
            yield Message(
                connection=self.connection, account=self.account, thread=thread, our_number=OURS,
                contact_number=thread.contact_number, direction="inbound", state="received", due_at=None,
                external_id=f"inbox-{n}", body=f"Bonjour, ceci est le message {n}.{rare}", at=NOW - timedelta(seconds=30 * (until - n)),
                transmitted_at=NOW,
            )  # fmt: skip

    def pages(self) -> dict[str, str]:
        thread = self.threads[0].pk
        hit = Message.objects.filter(thread=thread).order_by("at").values_list("pk", flat=True)[40]
        return {
            "inbox": "/messages/",
            "unassigned": "/messages/?folder=unassigned",
            "thread": f"/messages/{thread}/",
            "thread at a hit": f"/messages/{thread}/?q=message&hit={hit}",
            "search, a rare word": "/messages/?q=zanzibar",
            "search, a word in every text": "/messages/?q=bonjour",
            "search, a name": "/messages/?q=quimper",
            "search, a number": "/messages/?q=999+000+0017",
            "bell": "/messages/unread/",
        }

    def ask(self, path: str) -> float:
        started = time.perf_counter()
        answer = self.client.get(path)
        taken = time.perf_counter() - started
        assert answer.status_code == 200, path
        return taken


def beside(name: str):
    """A database beside the one that the environment names, of the same kind, as a connection of ours."""
    wrapper = connections.create_connection("default")
    kept = connections["default"]
    wrapper.settings_dict = {**wrapper.settings_dict, "NAME": f"{wrapper.settings_dict['NAME']}_{name}"}
    if wrapper.vendor == "postgresql":
        with kept.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{wrapper.settings_dict["NAME"]}"')
    connections["default"] = wrapper
    call_command("migrate", verbosity=0)
    return wrapper


def main(rows: int, few: int) -> None:
    worlds = {}
    for name, texts in (("few", few), ("many", rows)):
        wrapper = beside(name)
        worlds[name] = (wrapper, World())
        worlds[name][1].fill(texts)
    gc.collect()
    gc.freeze()  # what filling left behind is not walked through again while a page is made
    figures = {page: compare(worlds, page) for page in worlds["few"][1].pages()}
    print(json.dumps(figures))


def compare(worlds: dict, page: str) -> dict[str, float]:
    """Asked in turns, so that whatever else the machine does falls on both; the quick half of the tries counts."""
    taken = {"few": [], "many": []}
    paths = {}
    for attempt in range(WARM + TRIES):
        for name, (wrapper, world) in worlds.items():
            connections["default"] = wrapper
            paths.setdefault(name, world.pages()[page])
            seconds = world.ask(paths[name])
            if attempt >= WARM:
                taken[name].append(seconds)
    quick = {name: statistics.mean(sorted(found)[: TRIES // 2]) * 1000 for name, found in taken.items()}
    return {"few_ms": quick["few"], "many_ms": quick["many"], "ratio": quick["many"] / quick["few"]}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
