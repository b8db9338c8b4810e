"""Staff's view of the ground floor: connections, the sync board, incidents, orphans, operations, exchanges, webhooks."""

from providers.admin import board, connections, traffic

__all__ = ["board", "connections", "traffic"]
