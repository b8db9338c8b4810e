"""Which rows a listing has shown so far, kept by the database and not in our memory: a listing may be any length."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count

from django.db import connection, models
from django.db.models import Q
from django.db.models.expressions import RawSQL

_names = count(1)


class Seen:
    """External ids in a temporary table of this database session."""

    def __init__(self, table: str):
        self._table = connection.ops.quote_name(table)

    def add(self, external_ids: Iterable[str]) -> set[str]:
        """Note them; returns those not shown before."""
        wanted = list(dict.fromkeys(external_ids))
        if not wanted:
            return set()
        places = ", ".join(["(%s)"] * len(wanted))
        sql = f"INSERT INTO {self._table} VALUES {places} ON CONFLICT DO NOTHING RETURNING external_id"  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(sql, wanted)
            return {row[0] for row in cursor.fetchall()}

    def missing_of(self, rows: models.QuerySet) -> models.QuerySet:
        """Of these rows, the ones that the listing did not show."""
        column = f"{connection.ops.quote_name(rows.model._meta.db_table)}.external_id"
        sql = f"EXISTS (SELECT 1 FROM {self._table} shown WHERE shown.external_id = {column})"  # noqa: S608
        return rows.filter(~Q(RawSQL(sql, (), output_field=models.BooleanField())))  # noqa: S611 - names of our own


@contextmanager
def seen() -> Iterator[Seen]:
    """An empty `Seen`, forgotten at the end."""
    table = f"shown_{next(_names)}"
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {quoted} (external_id varchar(64) PRIMARY KEY)")
    try:
        yield Seen(table)
    finally:
        if connection.is_usable() and not connection.needs_rollback:  # after a lost session there is nothing to drop
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {quoted}")
