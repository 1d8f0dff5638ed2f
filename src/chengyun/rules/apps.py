from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "chengyun.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once the apps are loaded.
        from chengyun.kernel.live import projections
        from chengyun.rules.reads.live import live_rows

        if "rules" not in projections:
            projections.register("rules", ("signal", live_rows))
