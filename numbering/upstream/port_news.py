"""Who is told of a port's news: the recipients that its own people chose, of what matters to them and nothing else (row D12)."""

from numbering.models import PortComment, PortEvent, PortNotice, PortRequest

# Handing in and our own checking are no news to who did it; these are.
TOLD = frozenset(
    "modified_by_staff rejected_by_staff sent_to_provider tentative_confirm firm_confirm rejected_by_provider "
    "rejected_by_client cancelled_by_client expired completed".split()
)


def tell(port: PortRequest, events: list[PortEvent]) -> None:
    """Owe one mail to each recipient for what changed at once: a state and its date are one piece of news."""
    news = [event for event in events if _is_news(event)]
    if news:
        _owe(port, event=news[0])


def tell_comment(comment: PortComment) -> None:
    if comment.by_staff and not comment.private:
        _owe(comment.port, comment=comment)


def _is_news(event: PortEvent) -> bool:
    return event.status in TOLD if event.kind == "status" else event.kind in ("dates", "note", "answer", "gone", "back")


def _owe(port: PortRequest, **about) -> None:
    recipients = dict.fromkeys(port.details.get("recipients", []))
    PortNotice.objects.bulk_create(PortNotice(port=port, to=to, **about) for to in recipients)
