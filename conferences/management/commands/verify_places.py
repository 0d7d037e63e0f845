"""Proves that every proposal of who goes to a conference can be repeated from what was stored."""

from django.core.management.base import BaseCommand, CommandError

from conferences import delegation_standing


class Command(BaseCommand):
    help = "Work out every stored proposal of who goes to a conference again, and compare byte by byte."

    def handle(self, *args: object, **options: object) -> None:
        faults = delegation_standing.verify()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults found.")
        self.stdout.write("0 faults found: every proposal comes out the same again.")
