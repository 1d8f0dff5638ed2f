from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "chengyun.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once the apps are loaded.
        from chengyun.places.ports import appliers, tile_sources
        from chengyun.places.reads.tiles_layers import LayerSource
        from chengyun.places.reads.tiles_points import AddressSource, ComponentSource
        from chengyun.places.reads.tiles_regions import GridSource, RegionSource
        from chengyun.places.verbs.address_applier import AddressApplier
        from chengyun.places.verbs.component_applier import ComponentApplier
        from chengyun.places.verbs.layer_applier import LayerApplier

        for subject, applier in (
            ("addresses", AddressApplier()),
            ("components", ComponentApplier()),
            ("layer", LayerApplier()),
        ):
            if subject not in appliers:
                appliers.register(subject, applier)
        for name, source in (
            ("regions", RegionSource()),
            ("grids", GridSource()),
            ("layers", LayerSource()),
            ("addresses", AddressSource()),
            ("components", ComponentSource()),
        ):
            if name not in tile_sources:
                tile_sources.register(name, source)
