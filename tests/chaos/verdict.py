"""What must hold at the end of any storm, as a list of what does not."""

from collections import Counter

from tests.chaos.campaign import Campaign


def faults(campaign: Campaign) -> list[str]:
    """R1: each text out exactly once, none lost, each row at rest and bound to its own id, and the page says the same."""
    sent, wanted, states, page = campaign.sent(), campaign.wanted, campaign.states(), campaign.figures()
    total, found = wanted.total(), []
    if lost := wanted - sent:
        found.append(f"{lost.total()} texts lost")
    if doubled := sent - wanted:
        found.append(f"{doubled.total()} texts doubled or never asked for")
    if open_ones := {state: count for state, count in states.items() if state not in ("sent", "delivered")}:
        found.append(f"not at rest as sent: {open_ones}")
    if campaign.bound() != total:
        found.append(f"{campaign.bound()} of the upstream's ids for {total} texts")
    if (said := page.get("Sent", 0) + page.get("Delivered", 0)) != sent.total():
        found.append(f"the page says {said} sent, the ledger {sent.total()}: {page}")
    if wrong := {name: count for name, count in page.items() if count and name not in ("Sent", "Delivered")}:
        found.append(f"the page says {wrong}")
    return found


def doubled(campaign: Campaign) -> Counter:
    return campaign.sent() - campaign.wanted
