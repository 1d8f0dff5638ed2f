from importlib import import_module

from django.apps import AppConfig


class VitalsConfig(AppConfig):
    name = "chengyun.vitals"
    label = "vitals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Followers register themselves; models exist only from here on.
        import_module(f"{self.name}.handlers")
