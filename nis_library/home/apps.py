from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "nis_library.home"
    label = "home"
