"""Give every committed audit entry its place in the chain. The worker does it by itself; this is for the hand."""

from django.core.management.base import BaseCommand

from schools.sealing import seal_all


class Command(BaseCommand):
    help = "Chain the audit entries that are not chained yet."

    def handle(self, *args: object, **options: object) -> None:
        count = seal_all()
        self.stdout.write("1 entry was sealed." if count == 1 else f"{count} entries were sealed.")
