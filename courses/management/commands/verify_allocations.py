"""Repeats every allocation from what is stored."""

from django.core.management.base import BaseCommand, CommandError

from courses import allocation_standing


class Command(BaseCommand):
    help = "Work every allocation out again from its stored inputs and compare the results byte for byte."

    def handle(self, *args: object, **options: object) -> None:
        faults = allocation_standing.verify()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults found.")
        self.stdout.write("0 faults found: every allocation comes out the same again.")
