"""Proves the promises about seats over all runs."""

from django.core.management.base import BaseCommand, CommandError

from courses import seats


class Command(BaseCommand):
    help = "Check that no run has more seats given than it has, and that nobody waits beside a free seat."

    def handle(self, *args: object, **options: object) -> None:
        faults = seats.verify()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults found.")
        self.stdout.write("0 faults found: seats are neither oversold nor wasted.")
