"""Saying what must come before a course, what counts as the same, and whom to let off it."""

from django.db import transaction
from django.utils.translation import gettext as _

from courses import requirement_queries as reads
from courses.models import Course, Equivalence, Prerequisite, PrerequisiteWaiver, Run
from courses.organising import refuse_strangers
from courses.states import CourseState
from schools import audit
from schools.access import Actor
from schools.errors import Refused
from schools.models import Person

MOST = 12


class Missing(Refused):
    """Something has to be completed first. `courses` are those."""

    def __init__(self, courses: list[Course]) -> None:
        names = ", ".join(f"«{course}»" for course in courses)
        super().__init__(_("Needed before this course, and not completed yet: %(courses)s.") % {"courses": names})
        self.courses = courses


def refuse_missing(person: Person, run: Run) -> None:
    """Raises Missing if the person lacks what the run's course asks for, and nobody has let them off it.

    For staff alone: of guests the portal does not know what they have learned.
    """
    if lacking := reads.missing(run.course_id, person.pk):
        raise Missing(lacking)


@transaction.atomic
def need(*, course: Course, needed: Course, actor: Actor) -> None:
    """Ask for `needed` before `course`. Asked for already: nothing happens.

    Raises Refused for strangers, for a course out of use, and where `needed` asks for the course itself.
    """
    refuse_strangers(actor)
    course, needed = _locked(course, needed)
    if course.prerequisites.filter(needed=needed).exists():
        return
    _refuse_pair(course, needed)
    if reads.leads_back(course.pk, needed.pk):
        raise Refused(_("That course needs this one, so that nobody could begin. Take one of the two back."))
    if Equivalence.objects.filter(**_pair(course, needed)).exists():
        raise Refused(_("The two count as the same: one cannot be needed for the other."))
    if course.prerequisites.count() >= MOST:
        raise Refused(_("At most %(most)s courses can be named.") % {"most": MOST})
    Prerequisite.objects.create(course=course, needed=needed)
    _record(actor, "course.need", course, None, needed)


@transaction.atomic
def forgo(*, course: Course, needed: Course, actor: Actor) -> None:
    """Ask for `needed` no longer. Not asked for: nothing happens. Raises Refused for strangers."""
    refuse_strangers(actor)
    course, needed = _locked(course, needed)
    if course.prerequisites.filter(needed=needed).delete()[0]:
        _record(actor, "course.forgo", course, needed, None)


@transaction.atomic
def equate(*, course: Course, other: Course, actor: Actor) -> None:
    """Let two courses count as the same. They do already: nothing happens. Raises Refused as `need` does."""
    refuse_strangers(actor)
    course, other = _locked(course, other)
    if Equivalence.objects.filter(**_pair(course, other)).exists():
        return
    _refuse_pair(course, other)
    if reads.leads_back(course.pk, other.pk) or reads.leads_back(other.pk, course.pk):
        raise Refused(_("One of the two is needed for the other: they cannot count as the same."))
    if reads.equivalents(course.pk).count() >= MOST:
        raise Refused(_("At most %(most)s courses can be named.") % {"most": MOST})
    Equivalence.objects.create(**_pair(course, other))
    _record(actor, "course.equate", course, None, other)


@transaction.atomic
def separate(*, course: Course, other: Course, actor: Actor) -> None:
    """Let two courses no longer count as the same. Raises Refused for strangers."""
    refuse_strangers(actor)
    course, other = _locked(course, other)
    if Equivalence.objects.filter(**_pair(course, other)).delete()[0]:
        _record(actor, "course.separate", course, other, None)


@transaction.atomic
def waive(*, course: Course, person: Person, reason: str, actor: Actor) -> PrerequisiteWaiver:
    """Let one person take part without the prerequisites; let off already: nothing happens.

    Raises Refused for strangers, for an own exception, and without a reason.
    """
    refuse_strangers(actor)
    if actor.person_id == person.pk:
        raise Refused(_("Nobody allows an exception to oneself. Ask another coordinator."))
    if not reason.strip():
        raise Refused(_("Write the reason: it stays in the ledger."))
    made, new = PrerequisiteWaiver.objects.get_or_create(
        course=course, person=person, defaults={"reason": reason, "by_id": actor.person_id}
    )
    if new:
        changes = {"person": (None, person.pk)}
        audit.record(actor=actor, verb="course.waive", subject=course, changes=changes, note=reason, person=person)
    return made


@transaction.atomic
def end_waiver(*, waiver: PrerequisiteWaiver, actor: Actor) -> None:
    """Take an exception back; applications that stand are left. Raises Refused for strangers."""
    refuse_strangers(actor)
    if PrerequisiteWaiver.objects.filter(pk=waiver.pk).delete()[0]:
        changes = {"person": (waiver.person_id, None)}
        audit.record(
            actor=actor, verb="course.end_waiver", subject=waiver.course, changes=changes, person=waiver.person
        )


def _locked(course: Course, other: Course) -> tuple[Course, Course]:
    """Both courses as they are now, locked by key, then every prerequisite.

    Two chains that meet share a course or a row, so that no two verbs close a circle together.
    """
    rows = Course.objects.select_for_update(no_key=True).filter(pk__in={course.pk, other.pk}).order_by("pk")
    found = {row.pk: row for row in rows}
    list(Prerequisite.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return found[course.pk], found[other.pk]


def _refuse_pair(course: Course, other: Course) -> None:
    if course.pk == other.pk:
        raise Refused(_("This is the course itself."))
    if CourseState.ARCHIVED in (course.state, other.state):
        raise Refused(_("This course is in the archive. Bring it back before you edit it."))


def _pair(course: Course, other: Course) -> dict[str, Course]:
    one, two = sorted((course, other), key=lambda row: row.pk)
    return {"one": one, "other": two}


def _record(actor: Actor, verb: str, course: Course, was: Course | None, now: Course | None) -> None:
    old, new = (f"{row.uid}: {row}" if row else None for row in (was, now))
    audit.record(actor=actor, verb=verb, subject=course, changes={"course": (old, new)})
