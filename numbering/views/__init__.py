"""Pages of numbers, ports and 911 addresses."""
