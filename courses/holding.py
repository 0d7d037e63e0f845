"""A director holds seats of a run for the own school before names are known, and gives back what is not needed."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses import access, seats, waiting
from courses.models import Enrolment, Run, SeatShare
from courses.seat_rules import Obstacle, Tally
from courses.states import LIVE, RunState
from schools import audit
from schools.access import Actor
from schools.errors import Refused
from schools.models import School


def hold(*, run: Run, school: School, count: int, actor: Actor) -> int:
    """Hold that many seats in all for the school, with names or not; fewer than before gives the others to all.

    Returns the number. Raises Refused for who neither leads the school nor organises, for a run that takes no
    applications, once held seats went to all, beyond what one school may hold or what is free, for fewer than have
    names, and while somebody waits who could have the seats.
    """
    if not access.may_hold(actor, school.pk):
        raise Refused(_("Places are held by the director of the school."))
    with transaction.atomic():
        now = timezone.now()
        run = seats.lock_run(run.pk)
        share = SeatShare.objects.filter(run=run, school=school).first() or SeatShare(run=run, school=school)
        before = share.held
        _refuse_names(run, school, count)
        if count > before:
            _refuse_more(run, school, count, now)
        if count != before:
            share.held = count
            _save(share)
            changes = {"held": (before, count)}
            audit.record(actor=actor, verb="run.hold", subject=run, changes=changes, school=school)
    if count < before:
        waiting.fill(run_id=run.pk)
    return count


def held(run: Run, school: School) -> int:
    """How many seats the school holds in all."""
    return SeatShare.objects.filter(run=run, school=school).values_list("held", flat=True).first() or 0


def most(run: Run, school: School, *, now: datetime) -> int:
    """How many seats the school could hold in all now; what it holds at least. Exact under the run's lock."""
    given = seats.tally(run, now=now)
    own = given.rules.schools.get(school.pk)
    count = own.held if own else 0
    if not _may_hold_more(run, now):
        return count
    while count < run.hold_limit and not given.why_not_hold(school.pk, school.region_id, count + 1):
        count += 1
    return count


def names(run: Run, school_id: int | None) -> int:
    """How many of the school's held seats have a name that may still take part, or does."""
    return Enrolment.objects.filter(run=run, school=school_id, of_held=True, state__in=LIVE).count()


def refuse_unheld(run: Run, school_id: int | None, *, now: datetime) -> None:
    """Raises Refused unless the school holds a seat without a name; under the run's lock."""
    if not run.holds_back(now):
        raise Refused(_("The held places have gone to all. You can still nominate colleagues in the usual way."))
    rows = SeatShare.objects.filter(run=run, school=school_id, school__isnull=False)
    count = rows.values_list("held", flat=True).first() or 0
    if names(run, school_id) >= count:
        text = ngettext(
            "Your school holds %(n)s place, and it has a name. Hold one more first.",
            "Your school holds %(n)s places, and all have names. Hold one more first.",
            count,
        )
        raise Refused(text % {"n": count})


def _save(share: SeatShare) -> None:
    """A row that says nothing any more goes."""
    if share.held or share.floor or share.cap is not None:
        share.save()
    elif share.pk:
        share.delete()


def _may_hold_more(run: Run, now: datetime) -> bool:
    return run.is_open(now) and run.holds_back(now) and not (run.intake and run.intake.by_allocation)


def _refuse_names(run: Run, school: School, count: int) -> None:
    if run.state != RunState.PUBLISHED:
        raise Refused(_("Registration for this course is closed."))
    if (taken := names(run, school.pk)) > count:
        text = ngettext(
            "%(n)s held place has a name: you can hold no fewer.",
            "%(n)s held places have names: you can hold no fewer.",
            taken,
        )
        raise Refused(text % {"n": taken})


def _refuse_more(run: Run, school: School, count: int, now: datetime) -> None:
    if not run.is_open(now):
        raise Refused(_("Registration for this course is closed."))
    if not run.holds_back(now):
        raise Refused(_("The held places have gone to all: no more can be held."))
    if run.intake and run.intake.by_allocation:
        raise Refused(_("Places of this run are allocated: no places can be held."))
    if count > run.hold_limit:
        raise Refused(_("One school may hold at most this many places: %(most)s.") % {"most": run.hold_limit})
    given = seats.tally(run, now=now)
    if obstacle := given.why_not_hold(school.pk, school.region_id, count):
        raise Refused(_why(obstacle, run, school, given, now))
    if seats.could_sit(run):
        raise Refused(_("People wait for the places that are free, and they come first."))


def _why(obstacle: Obstacle, run: Run, school: School, given: Tally, now: datetime) -> str:
    numbers = {"most": most(run, school, now=now), "free": max(0, given.free - given.kept())}
    if obstacle == Obstacle.SCHOOL_CAP:
        return _("Of one school not so many people get places. Your school could hold: %(most)s.") % numbers
    if obstacle == Obstacle.REGION_CAP:
        return _("Of one region not so many people get places. Your school could hold: %(most)s.") % numbers
    return _("So many places are not free. Free for all: %(free)s. Your school could hold: %(most)s.") % numbers
