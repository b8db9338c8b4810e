"""Jo Mobile, as its document and the clients of its platform describe it."""

from .requests import SERVED
from .seeding import build
from .upstream import SLUG, Upstream

__all__ = ["SERVED", "SLUG", "Upstream", "build"]
