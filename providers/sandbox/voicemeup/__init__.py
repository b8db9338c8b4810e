"""VoiceMeUp, as its manual describes it."""

from .requests import SERVED
from .seeding import build
from .upstream import SLUG, Upstream

__all__ = ["SERVED", "SLUG", "Upstream", "build"]
