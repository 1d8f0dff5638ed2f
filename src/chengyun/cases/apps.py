from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "chengyun.cases"
    label = "cases"

    def ready(self) -> None:
        # Models can be imported only once the apps are loaded.
        from chengyun.cases.reads.live import live_rows
        from chengyun.kernel.live import projections

        if "cases" not in projections:
            projections.register("cases", ("case", live_rows))
        # Followers register themselves.
        import_module(f"{self.name}.handlers")
