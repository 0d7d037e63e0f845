"""Guests who get an account keep their record: they say which guest they were, and what stands there becomes theirs."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import claim_queries, moves, requiring, seats, waiting
from courses.models import Certificate, Enrolment, HandOver, NotMine, PrerequisiteWaiver, Run
from courses.states import HOLDING, LIVE, MOVES, OPEN, EnrolmentState, Verb
from schools import audit, merging, registry
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person

S = EnrolmentState
RANK = (S.NOMINATED, S.RETURNED, S.PENDING, S.POOLED, S.WAITING, S.OFFERED, S.CONFIRMED, S.NOT_COMPLETED, S.COMPLETED)
"""Of two live rows of one person in one run the one that stands later here is kept; of two alike the lower number."""


def claim(*, person: Person, guest: Person, actor: Actor) -> int:
    """«This was me»: what stands under the guest becomes the person's own. Returns how many courses and seminars.

    Where both stand in one run, the one who stands better stays and the other place is given up, so that it goes to
    those who wait. What has begun is only recorded; a run that is still ahead asks of the owner what it asks of
    everybody who applies.

    Raises Stale if the guest is not on offer (any more), Refused for somebody else's record, where both have a
    result in one run, and for a coming run for which a course is missing or the time is taken, or to which a
    place in a parallel run stands in the way.
    """
    with transaction.atomic():
        _lock(person, guest)
        one = _on_offer(person, guest, actor)
        coming = _still_ahead(one.rows)
        _refuse_taken_time(person, coming)
        both = Enrolment.objects.filter(person__in=[person, one.guest], state__in=LIVE)
        touched = sorted(set(both.values_list("run", flat=True)))
        merging.merge(kept=person, gone=one.guest, actor=actor)
        _refuse_missing(person, coming)
    for run_id in touched:
        waiting.fill(run_id=run_id)
    return len(one.rows)


@transaction.atomic
def disown(*, person: Person, guest: Person, actor: Actor) -> None:
    """«This was somebody else»: the guest is no longer offered. Raises as `claim`."""
    one = _on_offer(person, guest, actor)
    _row, is_new = NotMine.objects.get_or_create(person=person, guest=one.guest)
    if is_new:
        audit.record(actor=actor, verb="person.disown", subject=one.guest, changes={"person": (None, person.pk)})


@transaction.atomic
def ask_again(*, person: Person, guest: Person, actor: Actor) -> None:
    """Take back that it was somebody else. Raises as `claim`."""
    one = _on_offer(person, guest, actor)
    gone, _rows = NotMine.objects.filter(person=person, guest=one.guest).delete()
    if gone:
        audit.record(actor=actor, verb="person.ask_again", subject=one.guest, changes={"person": (person.pk, None)})


def follow(*, kept: Person, gone: Person, actor: Actor) -> None:
    """Two rows were one person: places, results and certificates go over, under the locks of runs and places."""
    theirs = Enrolment.objects.filter(person=gone)
    parallel = Enrolment.objects.filter(person=kept, run__intake__in=theirs.values("run__intake"))
    runs = Q(pk__in=theirs.values("run")) | Q(pk__in=parallel.values("run"))
    list(Run.objects.select_for_update(no_key=True).filter(runs).order_by("pk"))
    both = Enrolment.objects.filter(person__in=[kept, gone], run__in=theirs.values("run"))
    locked = both.select_for_update(no_key=True, of=("self",)).select_related("person", "run__course", "school")
    rows = list(locked.order_by("pk"))
    standing = {row.run_id: row for row in rows if row.person_id == kept.pk and row.state in LIVE}
    moving = [row for row in rows if row.person_id == gone.pk]
    for row in moving:
        if row.state in LIVE and (own := standing.get(row.run_id)):
            _give_up(min(row, own, key=_standing), actor)
    Enrolment.objects.filter(pk__in=[row.pk for row in moving]).update(person=kept)
    _one_of_parallel(kept, actor)
    mine = PrerequisiteWaiver.objects.filter(person=kept).values("course")
    PrerequisiteWaiver.objects.filter(person=gone).exclude(course__in=mine).update(person=kept)
    Certificate.objects.filter(person=gone).update(person=kept)
    HandOver.objects.filter(to=gone).update(to=kept)
    NotMine.objects.filter(guest=gone).delete()
    deeds = [audit.Deed(row, {"person": (gone.pk, kept.pk)}, school=row.school_id, person=kept) for row in moving]
    audit.record_many(actor=actor, verb="enrolment.follow", deeds=deeds)


def _one_of_parallel(person: Person, actor: Actor) -> None:
    """Of places in parallel runs the better one stays; under the locks of their runs."""
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(
        person=person, run__intake__isnull=False, state__in=HOLDING
    )
    better: dict[int | None, Enrolment] = {}
    for row in sorted(rows.select_related("person", "run__course", "school"), key=_standing, reverse=True):
        if row.run.intake_id in better:
            _give_up(row, actor)
        better.setdefault(row.run.intake_id, row)


def _lock(person: Person, guest: Person) -> None:
    """Nobody gets a seat or other taken time for either of them meanwhile."""
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=[person.pk, guest.pk])
    list(rows.order_by("pk").values_list("pk", flat=True))


def _still_ahead(rows: Iterable[Enrolment]) -> list[Enrolment]:
    """Those that ask of the owner what an application of the person's own would be asked."""
    now = timezone.now()
    return [row for row in rows if row.state in OPEN and row.run.still_ahead(now)]


def _refuse_taken_time(person: Person, rows: Iterable[Enrolment]) -> None:
    """Under the person's lock, while the places are still the guest's."""
    for row in rows:
        if row.state in HOLDING:
            with _saying_which(row):
                seats.refuse_parallel(person, row.run)
                own = Enrolment.objects.filter(person=person, run=row.run, state__in=LIVE).first()
                seats.refuse_clash(person, row.run, own=own)


def _refuse_missing(person: Person, rows: Iterable[Enrolment]) -> None:
    """Once the record is the person's: what the guest has completed counts, and so does what the guest was let off."""
    for row in rows:
        with _saying_which(row):
            requiring.refuse_missing(person, row.run)


@contextmanager
def _saying_which(row: Enrolment) -> Iterator[None]:
    """A refusal names the course that it is about, and the way out."""
    try:
        yield
    except Refused as refusal:
        text = _(
            "“%(course)s” cannot become yours as it stands. %(why)s Make room for it, or cancel it by the link in "
            "its letter; then come back here."
        )
        raise Refused(text % {"course": row.run.course, "why": refusal.message}) from refusal


def listen() -> None:
    registry.merged.listen(follow)


def _on_offer(person: Person, guest: Person, actor: Actor) -> claim_queries.Found:
    if actor.person_id != person.pk:
        raise Refused(_("Only the owner of an account says which record is theirs."))
    one = next((one for one in claim_queries.found(person) if one.guest.pk == guest.pk), None)
    if one is None:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    return one


def _standing(row: Enrolment) -> tuple[int, int]:
    return RANK.index(EnrolmentState(row.state)), -row.number


def _give_up(row: Enrolment, actor: Actor) -> None:
    """The lesser of two places of one person. Nobody is told by mail: it is the owner who does this."""
    verb, to = (Verb.REFUSE, S.REFUSED) if row.state == S.NOMINATED else (Verb.WITHDRAW, S.WITHDRAWN)
    if row.state not in MOVES[verb].sources:
        raise Refused(
            _("Both records have a result in the course: %(course)s. Ask the coordinator to open one again.")
            % {"course": row.run.course}
        )
    now = timezone.now()
    move = moves.make(row, verb, to, actor=actor, now=now, note=_("The same person has another place here."))
    move.told_at = now
    move.save(update_fields=["told_at"])
