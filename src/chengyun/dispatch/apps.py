from importlib import import_module

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "chengyun.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Followers register themselves; models exist only from here on.
        import_module(f"{self.name}.handlers")
