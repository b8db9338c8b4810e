"""Admin pages of numbers, ports and 911."""

from numbering.admin import emergency, emergency_records, numbers, orders, ports, releases

__all__ = ["emergency", "emergency_records", "numbers", "orders", "ports", "releases"]
