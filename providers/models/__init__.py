"""The ground floor: connections to upstreams, what was asked of them, and what they told. Points up at nothing."""

from providers.models.connections import Connection, Incident, new_token, slugs_that, slugs_where
from providers.models.feeds import Feed, Heartbeat, Orphan, SyncRun
from providers.models.outgoing import Operation, Outgoing, OutgoingQuerySet
from providers.models.traffic import KEEP_EXCHANGES_DAYS, ExchangeLog, QuotaMinute, QuotaPool, WebhookRequest

__all__ = [
    "KEEP_EXCHANGES_DAYS",
    "Connection",
    "ExchangeLog",
    "Feed",
    "Heartbeat",
    "Incident",
    "Operation",
    "Orphan",
    "Outgoing",
    "OutgoingQuerySet",
    "QuotaMinute",
    "QuotaPool",
    "SyncRun",
    "WebhookRequest",
    "new_token",
    "slugs_that",
    "slugs_where",
]
