from typing import Any

from django.core.management.base import BaseCommand

from schools import reference


class Command(BaseCommand):
    help = "Loads regions, schools and whatever else the rooms keep as reference data. Can be run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, tally in reference.load_all().items():
            if options["verbosity"]:
                words = ", ".join(f"{tally[word]} {word}" for word in ("added", "changed", "same") if tally[word])
                self.stdout.write(f"{name}: {words or 'nothing'}")
