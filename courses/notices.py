"""Telling everybody in a run, once, that it was moved, changed or called off.

The notice row is the truth: it is written with the deed, a task puts the letters into the outbox in small
transactions after it, and a sweeper finishes what a dead worker left.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext

from courses import (
    calendars,
    guest_letters,
    guest_links,
    hand_over_queries,
    letters,
    offers,
    reminder_words,
    signing_up,
)
from courses.models import Enrolment, EnrolmentMove, Run, RunNotice, Signup
from courses.notice_words import TO_GUESTS, WORDS, facts
from courses.states import OPEN, SEATED, EnrolmentState, NoticeKind, Verb
from schools import bell, outbox, wording
from schools.access import Actor
from schools.models import Person

TELL = "courses.tasks.tell_run"
BATCH = 25
"""Letters per transaction: short enough for SQLite's one writer."""
SWEEP_BATCH = 50
SPEAK_OF_DATES = ["run_moved"]
"""Letters about the run itself that its new dates make wrong; those about an application are taken back with it."""


def announce(run: Run, kind: str, *, actor: Actor, before: Mapping[str, Any], reason: str = "") -> RunNotice:
    """Owe everybody in the run a letter about its change; under the caller's lock of the run.

    `before` is the run's snapshot from before. An earlier notice that nobody was told of yet is taken up
    into this one.
    """
    run.sequence += 1
    run.save(update_fields=["sequence"])
    was_from, was_to = before["starts_on"], before["ends_on"]
    untold = RunNotice.objects.filter(run=run, told_at=None, told_through=0).order_by("id").first()
    if untold:
        was_from, was_to = untold.was_from, untold.was_to
    notice = RunNotice.objects.create(
        run=run,
        kind=kind,
        sequence=run.sequence,
        reason=reason,
        was_from=was_from,
        was_to=was_to,
        entries=max(len(before["meetings"]), untold.entries if untold else 0),
        actor_id=actor.person_id,
    )
    bell.ring(TELL, notice.pk)
    return notice


def tell_run(*, notice_id: int) -> None:
    """Put the letters about one notice into the outbox; one that was told or has gone is left alone."""
    while _tell_some(notice_id):
        pass


def tell_untold() -> int:
    """Tell notices that no worker told to the end, the oldest first; returns how many there were."""
    rows = list(RunNotice.objects.filter(told_at=None).order_by("id").values_list("pk", flat=True)[:SWEEP_BATCH])
    for pk in rows:
        tell_run(notice_id=pk)
    return len(rows)


@transaction.atomic
def _tell_some(notice_id: int) -> bool:
    """One batch under the notice's lock; False when nothing is left to tell."""
    notice = (
        RunNotice.objects.select_for_update(no_key=True, of=("self",))
        .select_related("run__course", "run__host")
        .filter(pk=notice_id, told_at=None)
        .first()
    )
    if notice is None:
        return False
    if not _overtaken(notice) and _tell_batch(notice):
        notice.save(update_fields=["told_through"])
        return True
    notice.told_at = timezone.now()
    notice.save(update_fields=["told_through", "told_at"])
    return False


def _tell_batch(notice: RunNotice) -> bool:
    """Tell the next few; after the last of them the trainers. True while there are more."""
    if not notice.told_through:
        outbox.supersede(about=notice.run, kinds=SPEAK_OF_DATES)
    rows = list(_to_tell(notice)[:BATCH])
    _lock_with_guests(rows)
    for row in rows:
        if row.signup:
            _tell_guests(notice, row.signup)
        else:
            _tell(notice, row)
        notice.told_through = row.pk
    if len(rows) == BATCH:
        return True
    _tell_the_asked(notice)
    _tell_trainers(notice)
    return False


def _lock_with_guests(rows: Sequence[Enrolment]) -> None:
    """Where guests are among them: all rows by key, then the sign-ups, as every letter and every deed locks them.

    Staff alone are written one after the other, in the order of keys already.
    """
    signups = [row.signup_id for row in rows if row.signup_id]
    if signups:
        mine = Q(pk__in=[row.pk for row in rows]) | Q(signup__in=signups)
        people = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(mine)
        list(people.order_by("pk").values_list("pk", flat=True))
        list(Signup.objects.select_for_update(no_key=True).filter(pk__in=signups).order_by("pk").values_list("pk"))


def _overtaken(notice: RunNotice) -> bool:
    """A later notice of the same run tells everybody where things stand now."""
    return RunNotice.objects.filter(run=notice.run, sequence__gt=notice.sequence).exists()


def _to_tell(notice: RunNotice) -> QuerySet[Enrolment]:
    """Who is to be told next; of the people of a sign-up the first, since the letter is to all of them."""
    earlier = _touched(notice).filter(signup=OuterRef("signup"), pk__lt=OuterRef("pk"))
    rows = _touched(notice).filter(~Exists(earlier), pk__gt=notice.told_through)
    return rows.select_related("person", "signup").order_by("pk")


def _touched(notice: RunNotice) -> QuerySet[Enrolment]:
    """Who was in the run at that moment and still is, or was until it was called off."""
    states = (EnrolmentState.CANCELLED,) if notice.kind == NoticeKind.CANCELLED else OPEN
    return Enrolment.objects.filter(run=notice.run, state__in=states, created_at__lte=notice.at)


def _tell(notice: RunNotice, row: Enrolment) -> None:
    """One person's letter. Unsent letters that speak of the old state of things are taken back."""
    seated = row.state in SEATED
    if notice.kind == NoticeKind.CANCELLED:
        EnrolmentMove.objects.filter(enrolment=row, told_at=None).update(told_at=timezone.now())
        outbox.supersede(about=row)
        seated = _was_seated(row)
    else:
        row.run = notice.run
        if outbox.supersede(about=row, person=row.person):
            offers.start_clock([row], now=timezone.now())  # the letter that was held up gave the time
    link = letters.page_link("courses:enrolment", row.uid, language=row.person.language)
    until = row.offer_until if row.state == EnrolmentState.OFFERED else None
    _write_to(notice, row.person, seated=seated, status=str(row.state), link=link, until=until)


def _tell_guests(notice: RunNotice, signup: Signup) -> None:
    """One letter to the contact, naming the people; nobody can be written to who has given no address yet."""
    rows = list(_touched(notice).filter(signup=signup).select_related("person").order_by("number"))
    seated = any(row.state in SEATED for row in rows)
    if notice.kind == NoticeKind.CANCELLED:
        now = timezone.now()
        EnrolmentMove.objects.filter(enrolment__in=rows, told_at=None).update(told_at=now)
        Signup.objects.filter(pk=signup.pk, told_at=None).update(told_at=now)
        outbox.supersede(about=signup)
        seated = any(_was_seated(row) for row in rows)
    else:
        outbox.supersede(about=signup, kinds=[reminder_words.REMINDER])
        for row in rows:
            row.run = notice.run
        if outbox.supersede(about=signup, kinds=[guest_letters.LETTER]):
            if signup.verified_at:
                offers.start_clock(rows, now=timezone.now())
            signing_up.tell_again(signup)  # with the new dates
    if signup.email:
        _write_to_guests(notice, signup, rows, seated=seated)


def _was_seated(row: Enrolment) -> bool:
    """True if the last move before the run was called off left the person with a seat."""
    last = row.moves.exclude(verb=Verb.CANCEL).order_by("-id").first()
    return last is not None and last.state in SEATED


def _tell_the_asked(notice: RunNotice) -> None:
    """Colleagues who are asked to take a place over, and may have no application: their letter has other dates.

    A run that is called off ends the hand-over, which has a letter of its own.
    """
    if notice.kind == NoticeKind.CANCELLED:
        return
    for row in hand_over_queries.asked_in(notice.run_id).filter(created_at__lte=notice.at):
        outbox.supersede(about=row)
        link = letters.page_link("courses:hand_over_page", row.uid, language=row.to.language)
        _write_to(notice, row.to, seated=False, status="", link=link)


def _tell_trainers(notice: RunNotice) -> None:
    people = Person.objects.filter(pk__in=notice.run.trainers.exclude(person=None).values("person"))
    for person in people.order_by("pk"):
        link = letters.page_link("courses:run", notice.run.uid, language=person.language)
        _write_to(notice, person, seated=True, status="", link=link)


def _write_to(
    notice: RunNotice, reader: Person, *, seated: bool, status: str, link: str, until: datetime | None = None
) -> None:
    with translation.override(reader.language):
        rows = facts(notice, status)
        if until:
            rows.append((gettext("The place is kept until"), wording.moment(until, notice.run.zone)))
    context = {"words": WORDS[NoticeKind(notice.kind)], "rows": rows, "link": link}
    _write(notice, str(reader.pk), reader.language, context, seated=seated, person=reader)


def _write_to_guests(notice: RunNotice, signup: Signup, people: Sequence[Enrolment], *, seated: bool) -> None:
    rows: list[tuple[str, str | Promise]]
    with translation.override(signup.language):
        rows = [*facts(notice, ""), *guest_letters.people_lines(people), *guest_letters.offered_until(people)]
    context = {
        "words": TO_GUESTS[NoticeKind(notice.kind)],
        "rows": rows,
        "link": guest_links.address(signup),
        "greeting_name": signup.name,
        "to_guests": True,
    }
    _write(notice, f"s{signup.pk}", signup.language, context, seated=seated, address=signup.email)


def _write(notice: RunNotice, reader: str, language: str, context: dict[str, Any], *, seated: bool, **to: Any) -> None:
    """Owe a letter, once for a notice and a `reader`; the calendar goes to those who have or had a seat."""
    calendar, method = _calendar(notice, language) if seated else (b"", "REQUEST")
    outbox.enqueue(
        kind="run_cancelled" if notice.kind == NoticeKind.CANCELLED else "run_moved",
        dedupe_key=f"run:{notice.run.uid}:{notice.sequence}:{reader}",
        language=language,
        about=notice.run,
        calendar=calendar,
        calendar_method=method,
        context=context
        | {
            "run": notice.run,
            "meetings": [] if notice.kind == NoticeKind.CANCELLED else list(notice.run.meetings.all()),
            "reason": notice.reason,
            "has_calendar": bool(calendar),
        },
        **to,
    )


def _calendar(notice: RunNotice, language: str) -> tuple[bytes, str]:
    """The calendar part and its method: entries that stay are updated, those without a successor vanish."""
    run, cancelled = notice.run, notice.kind == NoticeKind.CANCELLED
    now = calendars.entry_names(run)
    earlier = RunNotice.objects.filter(run=run, sequence__lte=notice.sequence, was_from__isnull=False)
    gone = {name: day for row in earlier.select_related("run") for name, day in row.entries_before().items()}
    gone = {name: day for name, day in gone.items() if name not in now}
    if not now and not gone:
        return b"", "REQUEST"
    entry = calendars.entry(run, language=language, cancelled=cancelled or not now, gone=gone)
    return entry, "CANCEL" if cancelled or not now else "REQUEST"
