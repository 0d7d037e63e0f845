import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from nis_library.home import catalogues


class Command(BaseCommand):
    help = "Bring the texts of code and templates into the catalogues and list those without a translation."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        if not catalogues.has_xgettext():
            raise CommandError("gettext is not installed (Debian, Ubuntu: apt-get install gettext).")
        os.chdir(settings.BASE_DIR)
        catalogues.extract()
        found = catalogues.gaps()
        self.stdout.write("\n".join([*found, f"{len(found)} texts need a translation."]))
