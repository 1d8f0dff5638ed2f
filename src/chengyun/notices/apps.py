from importlib import import_module

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "chengyun.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once the apps are loaded.
        from chengyun.kernel.live import projections
        from chengyun.notices.decide.templates import CHANNELS
        from chengyun.notices.reads.live import live_rows

        for channel in CHANNELS:
            import_module(f"{self.name}.channels.{channel}")
        import_module(f"{self.name}.handlers")
        if "notices" not in projections:
            projections.register("notices", ("notice", live_rows))
