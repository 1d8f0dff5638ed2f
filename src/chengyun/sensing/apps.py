from django.apps import AppConfig


class SensingConfig(AppConfig):
    name = "chengyun.sensing"
    label = "sensing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once the apps are loaded.
        from chengyun.places.ports import tile_sources
        from chengyun.sensing.reads.tiles import ThingSource

        if "things" not in tile_sources:
            tile_sources.register("things", ThingSource())
