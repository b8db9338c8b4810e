from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = _("Upstream providers")

    def ready(self):
        # Models exist only now; a handler is put in place by the app that owns the rows.
        from providers import operations, outbox, tasks
        from providers.models import Operation

        outbox.HANDLERS[Operation] = operations.OperationHandler(tasks.run_operation.delay)
