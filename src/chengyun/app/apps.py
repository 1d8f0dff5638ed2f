from importlib import import_module

from django.apps import AppConfig


class AppRoomConfig(AppConfig):
    name = "chengyun.app"
    label = "app"

    def ready(self) -> None:
        # The rooms' models exist only from here on.
        import_module(f"{self.name}.binding").bind()
