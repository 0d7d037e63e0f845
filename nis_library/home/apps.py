from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "nis_library.home"
    label = "home"

    def ready(self) -> None:
        from nis_library import checks  # noqa: F401
