from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "chengyun.places"
    label = "places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once the apps are loaded.
        from chengyun.places.ports import appliers
        from chengyun.places.verbs.address_applier import AddressApplier

        if "addresses" not in appliers:
            appliers.register("addresses", AddressApplier())
