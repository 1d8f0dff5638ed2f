from django.apps import AppConfig
from django.db.models.signals import post_migrate

from chengyun.kernel.rights import grant_roles


class KernelConfig(AppConfig):
    name = "chengyun.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Django sends it once per app when all migrations are done; once is enough.
        post_migrate.connect(grant_roles, sender=self, dispatch_uid="kernel.grant_roles")
