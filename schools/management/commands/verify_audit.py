"""Prove that the audit ledger is as it was written, or name the first entry that is not."""

import re

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schools.models import AuditEntry
from schools.sealing import end_of_chain, first_flaw


class Command(BaseCommand):
    help = "Walk the audit ledger; fail and name the first altered, missing or misplaced entry."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", metavar="SEQUENCE:HASH", help="an end of the chain that an earlier run printed and you kept"
        )

    def handle(self, *args: object, head: str | None = None, **options: object) -> None:
        noted = None
        if head:
            found = re.fullmatch(r"(\d+):([0-9a-f]{64})", head)
            if not found:
                raise CommandError("Write --head as an earlier run printed it: SEQUENCE:HASH.")
            noted = (int(found[1]), found[2])
        if flaw := first_flaw(noted=noted):
            raise CommandError(f"The audit ledger was changed. {flaw}.")
        count, (sequence, link) = AuditEntry.objects.count(), end_of_chain()
        entries = "1 entry" if count == 1 else f"{count} entries"
        self.stdout.write(f"The audit ledger is whole: {entries}. Its end is {sequence}:{link}")
