"""Admin pages of numbers, ports and 911."""

from numbering.admin import emergency, numbers, ports

__all__ = ["emergency", "numbers", "ports"]
