"""The index behind the search: trigrams, so that any part of a word is found as it is typed.

PostgreSQL has them in an extension, SQLite in its full-text engine, as a table beside ours that triggers keep in step.
Both are made after `migrate` and not in a migration: Django rebuilds a changed table on SQLite, and its triggers go with the old one.
Where neither is to be had the search still works, by reading.
"""

import logging
import sqlite3
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.models import Q, QuerySet

from accounts.models import Account
from messaging.models import Message, Thread

log = logging.getLogger(__name__)

SHORTEST = 3  # letters of a word that trigrams can find
READ_AT_MOST = 3000  # newest texts that are read where no word is long enough for the index
INDEXED = {Message: ("body",), Thread: ("contact_name", "contact_number", "our_number")}
Moments = tuple[datetime | None, datetime | None]


# --- asking -----------------------------------------------------------------------------------------------------------


def newest_texts(account: Account, words: tuple[str, ...], moments: Moments, most: int) -> list[tuple[int, int]]:
    """(text, conversation) of the newest texts that have all these words, at most so many."""
    rows = _within(Message.objects.for_account(account).shown(), moments)
    for word in words:
        rows = rows.filter(body__icontains=word)
    long = [word for word in words if len(word) >= SHORTEST]
    if words and not long:
        return _read(account, words, moments, most)
    if long and has_index(rows.db):
        return _ask_sqlite(account, words, moments, most, rows.db)
    return list(rows.order_by("-at", "-pk").values_list("pk", "thread_id")[:most])


def _within(rows: QuerySet, moments: Moments) -> QuerySet:
    since, until = moments
    return rows.filter(Q(at__gte=since) if since else Q(), Q(at__lt=until) if until else Q())


def _read(account: Account, words: tuple[str, ...], moments: Moments, most: int) -> list[tuple[int, int]]:
    """Words of one or two letters: only the newest texts are read for them."""
    rows = _within(Message.objects.for_account(account).shown(), moments).order_by("-at", "-pk")
    folded = [word.casefold() for word in words]
    found = rows.values_list("pk", "thread_id", "body")[:READ_AT_MOST]
    return [(pk, thread) for pk, thread, body in found if all(word in body.casefold() for word in folded)][:most]


def _ask_sqlite(account: Account, words, moments: Moments, most: int, using: str) -> list[tuple[int, int]]:
    """Newest first by row id: the index gives them in that order, so a word that stands in every text costs no more."""
    since, until = moments
    connection = connections[using]
    short = [word for word in words if len(word) < SHORTEST]
    parts = ["w.body MATCH %s", "m.account_id = %s", "m.deleted_at IS NULL"]
    values = [_match(words), account.pk]
    for sign, moment in ((">=", since), ("<", until)):
        if moment:
            parts.append(f"m.at {sign} %s")
            values.append(connection.ops.adapt_datetimefield_value(moment))
    for word in short:
        parts.append("instr(lower(m.body), %s) > 0")
        values.append(word.lower())
    statement = (
        f"SELECT m.id, m.thread_id FROM {_table(Message)} w CROSS JOIN messaging_message m ON m.id = w.rowid"  # noqa: S608
        f" WHERE {' AND '.join(parts)} ORDER BY w.rowid DESC LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, most])
        return cursor.fetchall()


def threads_named(account: Account, words: tuple[str, ...], digits: tuple[str, ...], most: int) -> list[int]:
    """Conversations whose contact has all the words in the name, or with the digits in a number of either side."""
    threads = Thread.objects.for_account(account)
    asked = [f"contact_name : ({_match(words)})"] if _match(words) else []
    asked += [f"{{contact_number our_number}} : {_quoted(number)}" for number in digits]
    if asked and has_index(threads.db):
        return _ask_sqlite_names(account, words, " OR ".join(asked), bool(digits), most, threads.db)
    named = Q()
    for word in words:
        named &= Q(contact_name__icontains=word)
    for number in digits:
        named |= Q(contact_number__contains=number) | Q(our_number__contains=number)
    if not asked:  # no index finds words so short: only the newest conversations are read for them
        newest = threads.order_by("-last_at", "-pk").values("pk")[:READ_AT_MOST]
        threads = threads.filter(pk__in=list(newest.values_list("pk", flat=True)))
    return list(threads.filter(named).order_by("-last_at", "-pk").values_list("pk", flat=True)[:most])


def _ask_sqlite_names(account: Account, words, asked: str, numbers_too: bool, most: int, using: str) -> list[int]:
    short = [] if numbers_too else [word for word in words if len(word) < SHORTEST]
    also = "".join(" AND instr(lower(t.contact_name), %s) > 0" for _ in short)
    statement = (
        f"SELECT t.id FROM {_table(Thread)} w CROSS JOIN messaging_thread t ON t.id = w.rowid"  # noqa: S608
        f" WHERE {_table(Thread)} MATCH %s AND t.account_id = %s{also} ORDER BY w.rowid DESC LIMIT %s"
    )
    with connections[using].cursor() as cursor:
        cursor.execute(statement, [asked, account.pk, *(word.lower() for word in short), most])
        return [pk for (pk,) in cursor.fetchall()]


def _match(words: tuple[str, ...]) -> str:
    return " AND ".join(_quoted(word) for word in words if len(word) >= SHORTEST)


def _quoted(word: str) -> str:
    """As a phrase, in which nothing means anything to the engine."""
    return '"' + word.replace('"', '""') + '"'


# --- making -----------------------------------------------------------------------------------------------------------


def has_index(using: str) -> bool:
    """Whether SQLite's own index is to be asked; PostgreSQL's planner finds its by itself."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [_table(Message)])
        return cursor.fetchone() is not None


def prepare(using: str = DEFAULT_DB_ALIAS, **_) -> None:
    """Make what is missing. Called after every `migrate`; on a database that has it all it changes nothing."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not {model._meta.db_table for model in INDEXED} <= tables:
        return
    make = {"sqlite": _prepare_sqlite, "postgresql": _prepare_postgres}.get(connection.vendor)
    if make is None:
        return
    try:
        with transaction.atomic(using=using):
            make(connection)
    except (DatabaseError, sqlite3.Error) as error:
        log.warning("no index for searching texts could be made, so searching reads them: %s", error)


def _prepare_postgres(connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS messages_trigrams ON messaging_message USING gin (upper(body) gin_trgm_ops)"
        )
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS threads_trigrams ON messaging_thread USING gin"
            " (upper(contact_name::text) gin_trgm_ops, contact_number gin_trgm_ops, our_number gin_trgm_ops)"
        )


def _table(model) -> str:
    return f"{model._meta.db_table}_words"


def _prepare_sqlite(connection) -> None:
    with connection.cursor() as cursor:
        for model, columns in INDEXED.items():
            if len(_there(cursor, model)) < 4:
                _make_table(cursor, model, columns)


def _there(cursor, model) -> list:
    cursor.execute(
        "SELECT name FROM sqlite_master WHERE name = %s OR (type = 'trigger' AND name LIKE %s)",
        [_table(model), f"{_table(model)}_on_%"],
    )
    return cursor.fetchall()


def _make_table(cursor, model, columns: tuple[str, ...]) -> None:
    """The table, the three triggers that keep it, and what is there already."""
    words, ours, listed = _table(model), model._meta.db_table, ", ".join(columns)
    new, old = (", ".join(f"{side}.{column}" for column in columns) for side in ("new", "old"))
    changed = " OR ".join(f"new.{column} IS NOT old.{column}" for column in columns)
    put = f"INSERT INTO {words} (rowid, {listed}) VALUES (new.id, {new});"  # noqa: S608 - names of our own
    take = f"INSERT INTO {words} ({words}, rowid, {listed}) VALUES ('delete', old.id, {old});"  # noqa: S608
    for statement in (
        f"DROP TABLE IF EXISTS {words}",
        f"CREATE VIRTUAL TABLE {words} USING fts5({listed}, content='{ours}', content_rowid='id', tokenize='trigram')",
        *(f"DROP TRIGGER IF EXISTS {words}_on_{event}" for event in ("insert", "delete", "update")),
        f"CREATE TRIGGER {words}_on_insert AFTER INSERT ON {ours} BEGIN {put} END",
        f"CREATE TRIGGER {words}_on_delete AFTER DELETE ON {ours} BEGIN {take} END",
        f"CREATE TRIGGER {words}_on_update AFTER UPDATE OF {listed} ON {ours} WHEN {changed} BEGIN {take} {put} END",
        f"INSERT INTO {words} ({words}) VALUES ('rebuild')",  # noqa: S608
    ):
        cursor.execute(statement)
