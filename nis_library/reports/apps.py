from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "nis_library.reports"
    label = "reports"
    verbose_name = _("Yearly reports")

    def ready(self) -> None:
        from nis_library.reports import build  # noqa: F401  (registers the kind of job)
