from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "chengyun.cases"
    label = "cases"

    def ready(self) -> None:
        # Models can be imported only once the apps are loaded.
        from chengyun.cases.reads.live import live_rows
        from chengyun.cases.reads.tiles import CaseSource
        from chengyun.kernel.live import projections
        from chengyun.places.ports import tile_sources

        if "cases" not in projections:
            projections.register("cases", ("case", live_rows))
        if "cases" not in tile_sources:
            tile_sources.register("cases", CaseSource())
        # Followers register themselves.
        import_module(f"{self.name}.handlers")
