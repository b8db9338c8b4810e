"""How a request type is served."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Spec:
    table: tuple
    function: Callable
    read: bool = True  # False when it leaves an effect
    before: Callable | None = None  # runs first, outside the lock, and may refuse
