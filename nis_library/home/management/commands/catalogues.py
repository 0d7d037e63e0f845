from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from nis_library.home import catalogues


class Command(BaseCommand):
    help = "Compile the translations that have changed; with --check, fail on texts without a translation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="list what is not translated and fail on it")

    def handle(self, *args: object, check: bool, **options: object) -> None:
        written = catalogues.compile_all()
        self.stdout.write(f"Translations: {written} compiled, {len(catalogues.catalogues()) - written} up to date.")
        if not check:
            return
        if not catalogues.has_xgettext():
            self.stdout.write("Texts that never reached a catalogue were not looked for: gettext is not installed.")
        if found := catalogues.gaps():
            raise CommandError("\n".join([*found, f"{len(found)} texts need a translation."]))
        self.stdout.write("Every text is translated.")
