from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from nis_library.home import preparing
from nis_library.home.health import NotReady


class Command(BaseCommand):
    help = "Build translations, fonts and static files, bring the tables up to date, load reference and demo data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--files-only", action="store_true", help="nothing that needs a database (for an image)")
        only.add_argument("--data-only", action="store_true", help="tables and data (the step before a release)")
        only.add_argument("--fresh-demo", action="store_true", help="empty the demo database and fill it again")

    def handle(self, *args: object, files_only: bool, data_only: bool, fresh_demo: bool, **options: object) -> None:
        if fresh_demo and not settings.DEMO:
            raise CommandError("NIS_ENV is not «demo»: the data stays as it is.")
        steps = [preparing.everything]
        if files_only:
            steps = [preparing.files]
        elif data_only:
            steps = [preparing.tables, preparing.data]
        elif fresh_demo:
            steps = [preparing.fresh_demo]
        try:
            for step in steps:
                step(self.stdout.write)
        except NotReady as error:
            raise CommandError(str(error)) from error
