"""`manage.py build_fonts`: make the portal's web fonts from the installed font packages."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from nis_library.home import fonts


class Command(BaseCommand):
    help = "Cut the portal's faces down to the letters in use (quick if nothing has changed)."

    def handle(self, *args: object, **options: object) -> None:
        made = fonts.build(Path(settings.BUILD_DIR) / "fonts")
        for path in made:
            self.stdout.write(f"{path.name}: {path.stat().st_size / 1000:.1f} kB")
        if not made:
            self.stdout.write("Fonts: nothing to do")
