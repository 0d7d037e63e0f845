"""Proves the promises about money over all budgets and trips."""

from django.core.management.base import BaseCommand, CommandError

from conferences import budget_proof


class Command(BaseCommand):
    help = "Check that every balance is that of its ledger, and that no trip holds money that its state does not allow."

    def handle(self, *args: object, **options: object) -> None:
        faults = budget_proof.verify()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults found.")
        self.stdout.write("0 faults found: the ledger of budgets adds up.")
