"""Admin pages of numbers, ports and 911."""

from numbering.admin import directory, emergency, emergency_records, numbers, orders, ports, releases

__all__ = ["directory", "emergency", "emergency_records", "numbers", "orders", "ports", "releases"]
