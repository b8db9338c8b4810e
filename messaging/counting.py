"""The attributes with which a field asks for its length while a person types: parts, what is left, encoding and cost (C6)."""

import json

from django.urls import reverse_lazy

# Only the text is sent, and what its cost depends on: who sends it and where it goes.
COUNTED = {
    "hx-post": reverse_lazy("messages:count"),
    "hx-trigger": "input changed delay:350ms",
    "hx-target": "#count",
    "hx-swap": "outerHTML",
    "hx-params": "body,sender,to,lines",
    "hx-encoding": "application/x-www-form-urlencoded",
    "hx-sync": "this:replace",
    "aria-describedby": "count",
}


def counted_for(sender: str, to: str, *, lines: bool = False) -> dict[str, str]:
    """For a text whose sender and recipient (E.164) are settled; `lines` where Enter begins a line and sends nothing."""
    values = {"sender": sender, "to": to} | ({"lines": "1"} if lines else {})
    return {"hx-vals": json.dumps(values)}
