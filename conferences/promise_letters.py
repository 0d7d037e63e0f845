"""Letters about promises: reminders to who promised, word to those who wait for it, a wish to HQ.

Found, not planned: each look compares the promises that are open with the letters that stand in the outbox. One
letter a reader, occasion and day; it names days, so that a late one is still true.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from conferences import promise_queries
from conferences.models import Promise
from conferences.trip_states import PromiseState
from courses.due import readers_are_awake
from courses.letters import Words, page_link
from schools import outbox, wording
from schools.models import Mail, Person
from schools.queries import heads_of, holders_of
from schools.states import Role

KIND = "promise"
SOON, NEAR, OVERDUE, ESCALATED, WISH = "soon", "near", "overdue", "escalated", "wish"


@dataclass(frozen=True, slots=True)
class Occasion:
    """From which day to which, counted from the day a promise is due, its letter is written."""

    name: str
    first: int
    last: int


OCCASIONS = (Occasion(SOON, -14, -4), Occasion(NEAR, -3, 0), Occasion(OVERDUE, 1, 6), Occasion(ESCALATED, 7, 90))
COMING = Words(
    _("What you promised to pass on"),
    _("After your trip you promised to pass on what you brought home. The day comes near."),
    _("Look at my promises"),
    _("Nothing has to be reported: once you have led the seminar, the portal finds it by itself."),
)
WORDS: dict[str, Words] = {
    SOON: COMING,
    NEAR: COMING,
    OVERDUE: Words(
        _("A promise of yours is overdue"),
        _("The day has passed and no seminar was found that keeps it. Until then your next trip has to wait."),
        _("Look at my promises"),
        _("Have you led it already? Then say on the promise's page which seminar it was."),
    ),
    ESCALATED: Words(
        _("Promises after a trip are overdue"),
        _("Colleagues promised to pass on what they brought home, and no seminar was found for a week."),
        _("Look at the promises"),
    ),
    WISH: Words(
        _("A colleague asks for a seminar"),
        _("A traveller wants to keep a promise and needs a seminar. One click drafts it, with trainer and source."),
        _("Look and draft it"),
    ),
}


def remind_due(now: datetime | None = None) -> int:
    """Owe every letter that is due; returns how many. Safe to run twice: the key of a letter is its occasion."""
    now = now or timezone.now()
    if not readers_are_awake(now):
        return 0
    today = timezone.localdate(now)
    return sum(_remind(occasion, today) for occasion in OCCASIONS)


@transaction.atomic
def _remind(occasion: Occasion, today: date) -> int:
    """Under the lock of the promises: one that is kept meanwhile is kept before or after, never between."""
    window = (today - timedelta(days=occasion.last), today - timedelta(days=occasion.first))
    found = promise_queries.binding().filter(state=PromiseState.OPEN, due_on__range=window)
    found = found.select_for_update(no_key=True, of=("self",), skip_locked=True)
    letters: dict[tuple[int, date], list[Promise]] = defaultdict(list)
    people: dict[int, Person] = {}
    schools: dict[int, list[Person]] = {}
    for promise in found.order_by("pk"):
        for reader in _readers(occasion, promise, today, schools):
            people[reader.pk] = reader
            letters[reader.pk, promise.due_on].append(promise)
    keys = {pair: f"{KIND}:{occasion.name}:{pair[1].isoformat()}:{pair[0]}" for pair in letters}
    told = set(Mail.objects.filter(dedupe_key__in=keys.values()).values_list("dedupe_key", flat=True))
    mails = [
        _compose(key, occasion.name, people[pair[0]], letters[pair]) for pair, key in keys.items() if key not in told
    ]
    return outbox.enqueue_composed(mails) if mails else 0


def _readers(occasion: Occasion, promise: Promise, today: date, schools: dict[int, list[Person]]) -> Sequence[Person]:
    """Who promised; a week after the day those who lead the school, and HQ."""
    if occasion.name != ESCALATED:
        return [promise.person] if promise.person.archived_at is None else []
    school = promise.school_id_then or 0  # type: ignore[attr-defined]  # annotated by the read
    if school not in schools:
        heads = list(heads_of(school, on=today)) if school else []
        found = {person.pk: person for person in [*heads, *holders_of(Role.HQ, on=today)]}
        schools[school] = list(found.values())
    return [person for person in schools[school] if person.pk != promise.person_id]


def tell_of_wish(promise: Promise, *, today: date) -> int:
    """Tell HQ that a traveller asks for a seminar. Inside the transaction of the deed."""
    readers = [person for person in holders_of(Role.HQ, on=today) if person.pk != promise.person_id]
    mails = [
        _compose(f"{KIND}:{WISH}:{today.isoformat()}:{promise.pk}:{reader.pk}", WISH, reader, [promise])
        for reader in readers
    ]
    return outbox.enqueue_composed(mails) if mails else 0


def _compose(key: str, occasion: str, reader: Person, promises: Sequence[Promise]) -> Mail:
    """A letter about one promise alone is taken back once that is settled."""
    own = occasion in (SOON, NEAR, OVERDUE)
    with translation.override(reader.language):
        lines = [_line(row, own=own) for row in promises]
    alone = [row.uid for row in promises] if len(promises) == 1 else []
    page = "conferences:promise" if alone else "conferences:promises" if own else "conferences:promises_of_all"
    return outbox.compose(
        kind=KIND,
        dedupe_key=key,
        language=reader.language,
        person=reader,
        about=promises[0] if alone else None,
        context={
            "words": WORDS[occasion],
            "lines": lines,
            "own": own,
            "link": page_link(page, *alone, language=reader.language),
        },
    )


def _line(row: Promise, *, own: bool) -> tuple[str, str]:
    """What was promised, and by when and to whom, in the active language."""
    facts = [wording.long_date(row.due_on), str(row.get_audience_display()), str(row.trip.edition or row.trip.city)]
    return row.what, " · ".join(facts if own else [row.person.full_name, *facts])
