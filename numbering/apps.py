from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NumberingConfig(AppConfig):
    name = "numbering"
    label = "numbers"  # the card's name; as a package it would hide the standard library's `numbers`
    verbose_name = _("Numbers")

    def ready(self):
        """Fill the registries of the ground floor: feeds and verbs of each half of the app."""
        from numbering.upstream import (
            back_orders,
            devices,
            directory,
            emergency,
            emergency_calls,
            lookups,
            numbers,
            orders,
            port_checks,
            port_outs,
            ports,
            releases,
            searching,
        )

        halves = (
            numbers,
            ports,
            port_checks,
            port_outs,
            emergency,
            devices,
            searching,
            orders,
            releases,
            lookups,
            back_orders,
            directory,
            emergency_calls,
        )
        for half in halves:
            half.register()
