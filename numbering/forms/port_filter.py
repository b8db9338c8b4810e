"""Which port requests a list shows: by whom they wait for, by PON, number or name; keyset pages, those under way first."""

import re
from datetime import UTC, datetime, timedelta

from django.db.models import Case, IntegerField, Q, TextField, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from numbering.forms.addresses import tidy
from numbering.models import PortRequest
from numbering.presenters.ports import NEEDS_YOU, STUCK

PAGE = 50
TABS = {"": _("All"), "open": _("Under way"), "you": _("Needs you"), "closed": _("Closed")}
_POSITION = re.compile(r"([01])_(\d{1,16})_(\d{1,18})", re.ASCII)
_DIGITS = re.compile(r"^[\d\s().+\-]+$")


class PortFilter:
    """The filter as the address of the page gives it; nonsense is no filter."""

    def __init__(self, query, account: Account):
        self.account = account
        self.search = tidy(query.get("q", ""))[:60]
        self.only = query.get("only", "") if query.get("only", "") in TABS else ""
        self.after = query.get("after", "")

    def page(self) -> tuple[list[PortRequest], str]:
        """Requests of this page, and where the next one starts ("" at the end)."""
        rows = self._searched(self._chosen(PortRequest.objects.for_account(self.account)))
        rows = rows.annotate(
            closed=Case(When(status__in=PortRequest.CLOSED, then=1), default=0, output_field=IntegerField())
        )
        rows = (
            rows.filter(self._position())
            .select_related("connection", "operation")
            .order_by("closed", "-created_at", "-id")
        )
        found = list(rows[: PAGE + 1])
        return found[:PAGE], _place(found[PAGE - 1]) if len(found) > PAGE else ""

    def _chosen(self, rows):
        if self.only == "open":
            return rows.under_way()
        if self.only == "you":
            stuck = Q(operation__state__in=STUCK, status__in=PortRequest.EDITABLE)
            remarked = Q(pk__in=rows.with_remark().values("pk"))
            return rows.under_way().filter(Q(status__in=NEEDS_YOU) | stuck | remarked)
        return rows.filter(status__in=PortRequest.CLOSED) if self.only == "closed" else rows

    def _searched(self, rows):
        if not self.search:
            return rows
        found = (
            Q(pon__icontains=self.search) | Q(title__icontains=self.search) | Q(current_provider__icontains=self.search)
        )
        digits = re.sub(r"\D", "", self.search)
        if len(digits) >= 3 and _DIGITS.match(self.search):
            rows = rows.annotate(listed=Cast("numbers", TextField()))
            found |= Q(listed__contains=digits)
        return rows.filter(found)

    def _position(self) -> Q:
        found = _POSITION.fullmatch(self.after)
        if not found:
            return Q()
        closed, moment, pk = (
            int(found[1]),
            datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(found[2])),
            int(found[3]),
        )
        older = Q(created_at__lt=moment) | Q(created_at=moment, id__lt=pk)
        return Q(closed__gt=closed) | Q(closed=closed) & older


def _place(port: PortRequest) -> str:
    micros = (port.created_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{port.closed}_{micros}_{port.pk}"
