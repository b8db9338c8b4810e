"""VoiceMeUp, as its manual describes it."""

from .seeding import build
from .upstream import SLUG, Upstream

__all__ = ["SLUG", "Upstream", "build"]
