"""VoiceTel API v2.1.6: the eight calls of the Account API and its fifty v2.1 siblings."""

from .requests import SERVED
from .seeding import build
from .upstream import SLUG, Upstream

__all__ = ["SERVED", "SLUG", "Upstream", "build"]
