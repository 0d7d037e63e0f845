from argparse import ArgumentParser
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nis_library.home.demo.building import Refusal, build

MOST = 200


class Command(BaseCommand):
    help = "Fill the portal with fifteen years of invented people, courses and enrolments. Demo mode only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="another seed, other people")
        parser.add_argument(
            "--scale", type=float, default=1, help="times as many people and runs (50: a million enrolments)"
        )
        parser.add_argument("--today", type=date.fromisoformat, help="the day the data is made for (YYYY-MM-DD)")
        parser.add_argument("--fresh", action="store_true", help="remove everything first")

    def handle(
        self, *args: object, seed: int, scale: float, today: date | None, fresh: bool, verbosity: int, **options: object
    ) -> None:
        if not settings.DEMO:
            raise CommandError("NIS_ENV is not «demo»: the data stays as it is.")
        if not 0 < scale <= MOST:
            raise CommandError(f"--scale is a number above 0, at most {MOST}.")
        if fresh:
            call_command("flush", interactive=False, verbosity=0)
        call_command("load_reference", verbosity=0)
        say = self.stdout.write if verbosity else lambda text: None
        try:
            number = build(seed=seed, scale=scale, today=today or timezone.localdate(), say=say)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        say(f"{number} enrolments.")
