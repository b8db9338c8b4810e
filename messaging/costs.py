"""What a text costs that is being written, by the prices that its upstream last told."""

from messaging.senders import Sender
from messaging.upstream import prices
from messaging.upstream.prices import Price


def of(sender: Sender | None, number: str, home: str = "") -> Price | None:
    """Of one part from this sender to a number; where that is not known yet, to the country `home`."""
    if sender is None:
        return None
    known = prices.kept(sender.connection)
    return known.of(number) if number else known.everywhere or known.by_country.get(home)
