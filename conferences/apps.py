from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferencesConfig(AppConfig):
    name = "conferences"
    verbose_name = _("Conferences and trips")

    def ready(self) -> None:
        from conferences import co_authors, reference

        co_authors.listen()
        reference.register()
