from importlib import import_module

from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "chengyun.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only from here on.
        from chengyun.dispatch.reads.forces import ForceSource
        from chengyun.places.ports import tile_sources

        if "forces" not in tile_sources:
            tile_sources.register("forces", ForceSource())
        # Followers register themselves.
        import_module(f"{self.name}.handlers")
