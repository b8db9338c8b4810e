"""Voximplant: Management API over HTTP, JSON answers."""
