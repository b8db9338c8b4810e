"""One call of the document: where it is, what it takes, and who serves it."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Spec:
    name: str
    path: str
    serve: Callable
    table: dict = dataclasses.field(default_factory=dict)
    method: str = "POST"
    read: bool = False
    admin: bool = False  # needs an administrator's key
    open: bool = False  # needs no key at all
    missing: int = 400  # the status for a required member that is not there
