"""Send what the outbox owes, now. The worker does it by itself; this is for the hand, or for a cron line."""

from django.core.management.base import BaseCommand

from schools import delivery
from schools.models import Mail
from schools.states import MailState


class Command(BaseCommand):
    help = "Send every letter that is due."

    def handle(self, *args: object, **options: object) -> None:
        delivery.take_back()
        sent, more = delivery.drain()
        while more:
            count, more = delivery.drain()
            sent += count
        waiting = Mail.objects.filter(state=MailState.QUEUED).count()
        trouble = Mail.objects.filter(state__in=[MailState.FAILED, MailState.BOUNCED]).count()
        self.stdout.write(f"Sent: {sent}. Still waiting: {waiting}. In trouble: {trouble}.")
