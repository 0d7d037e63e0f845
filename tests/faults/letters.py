"""Letters for the tests of faults: owed by the row, counted at the mail server."""

from collections import Counter

from django.db import transaction

from schools import outbox
from schools.models import Mail

WORDS = {"title": "Еске салу", "first": "Ертең", "last": "", "code": "", "url": "", "button": "", "facts": []}


def owe_one(number: int) -> None:
    outbox.enqueue(
        kind="account",
        dedupe_key=f"reminder:{number}",
        language="kk",
        context=WORDS,
        address=f"reader{number}@example.kz",
    )


def owe(count: int) -> None:
    """Owe `count` people one letter each, in one transaction."""
    with transaction.atomic():
        for number in range(count):
            owe_one(number)


def copies(sink) -> Counter[str]:
    """How many copies of each letter arrived, by Message-ID."""
    return Counter(message["Message-ID"] for message in sink.messages)


def readers(sink) -> set[str]:
    """Who got a letter at least once."""
    return {address for addresses in sink.recipients for address in addresses}


def states() -> dict[str, int]:
    return dict(Counter(Mail.objects.values_list("state", flat=True)))


def all_sent(count: int) -> bool:
    return states() == {"sent": count}
