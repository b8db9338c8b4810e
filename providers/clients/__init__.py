"""Clients for the upstream providers: plain Python on requests, usable from any shell, free of Django."""
