from django.apps import AppConfig


class AppRoomConfig(AppConfig):
    name = "chengyun.app"
    label = "app"
