"""Admin pages of numbers, ports and 911."""

from numbering.admin import emergency, numbers, orders, ports, releases

__all__ = ["emergency", "numbers", "orders", "ports", "releases"]
