"""Admin pages of numbers, ports and 911."""

from numbering.admin import numbers

__all__ = ["numbers"]
