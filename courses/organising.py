"""What coordinators do with courses: create, edit, publish, archive and bring back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access, gates, plans
from courses.models import Course
from courses.organise_queries import upcoming_of
from courses.states import CourseState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale


@transaction.atomic
def create_course(*, facts: Mapping[str, Any], actor: Actor) -> Course:
    """A new draft. `facts` holds values of `plans.COURSE_FACTS`; texts may be missing.

    Raises Refused for somebody who does not organise courses.
    """
    refuse_strangers(actor)
    course = Course(**_known(facts))
    course.save(force_insert=True)
    audit.record(actor=actor, verb="course.create", subject=course, changes=_written(course))
    return course


@transaction.atomic
def edit_course(*, course: Course, facts: Mapping[str, Any], seen: str, actor: Actor) -> Course:
    """Write what changed. `seen` is the `version` that the editor had before the eyes.

    Raises Stale if somebody else saved in between, Refused for an archived course, Incomplete if a
    published course would lose a text it needs.
    """
    refuse_strangers(actor)
    course = lock_course(course)
    before = plans.of_course(course)
    if plans.version(before) != seen:
        raise Stale(changed_by_another())
    if course.state == CourseState.ARCHIVED:
        raise Refused(_("This course is in the archive. Bring it back before you edit it."))
    for name, value in _known(facts).items():
        setattr(course, name, value)
    if course.state == CourseState.PUBLISHED:
        gates.refuse_incomplete(gates.course_faults(course))
    changes = plans.differences(before, plans.of_course(course))
    if changes:
        course.save(update_fields=list(changes))
        audit.record(actor=actor, verb="course.edit", subject=course, changes=changes)
    return course


@transaction.atomic
def publish_course(*, course: Course, actor: Actor) -> Course:
    """Let runs of the course be published. Raises Incomplete, with each missing field, or Stale if no draft."""
    refuse_strangers(actor)
    course = lock_course(course)
    gates.refuse_incomplete(gates.course_faults(course))
    _move(course, CourseState.DRAFT, CourseState.PUBLISHED, "course.publish", actor)
    return course


@transaction.atomic
def archive_course(*, course: Course, actor: Actor) -> Course:
    """Take the course out of use; its past stays. Raises Refused while published runs are still to come."""
    refuse_strangers(actor)
    course = lock_course(course)
    if upcoming_of(course, today=timezone.localdate()).exists():
        raise Refused(_("This course has published runs that are not over. Cancel them or wait for their end."))
    if course.state == CourseState.ARCHIVED:
        raise Stale(_("The course is in the archive already."))
    _move(course, course.state, CourseState.ARCHIVED, "course.archive", actor)
    return course


@transaction.atomic
def restore_course(*, course: Course, actor: Actor) -> Course:
    """Bring a course back from the archive, as a draft: it is published anew once it has been looked over."""
    refuse_strangers(actor)
    course = lock_course(course)
    _move(course, CourseState.ARCHIVED, CourseState.DRAFT, "course.restore", actor)
    return course


def version(course: Course) -> str:
    """What an editor saw, as a token for `edit_course`."""
    return plans.version(plans.of_course(course))


def changed_by_another() -> str:
    return _(
        "Somebody else saved changes in the meantime. What you typed stands below and is not saved yet. "
        "Look at their version; if you save now, yours replaces it."
    )


def refuse_strangers(actor: Actor) -> None:
    """Raises Refused for an actor who does not organise courses."""
    if not access.may_manage_courses(actor):
        raise Refused(_("Only coordinators organise courses."))


def lock_course(course: Course) -> Course:
    """The row as it is now, locked until the transaction ends. Courses are locked before their runs."""
    return Course.objects.select_for_update(no_key=True).get(pk=course.pk)


def _move(course: Course, source: str, target: str, verb: str, actor: Actor) -> None:
    if course.state != source:
        raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
    course.state = target
    course.save(update_fields=["state"])
    audit.record(actor=actor, verb=verb, subject=course, changes={"state": (source, target)})


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - set(plans.COURSE_FACTS):
        raise ValueError(f"not facts of a course: {sorted(unknown)}")
    return dict(facts)


def _written(course: Course) -> dict[str, tuple[Any, Any]]:
    """What a new course says; empty texts are left out of the ledger."""
    return {name: (None, value) for name, value in plans.of_course(course).items() if value not in ("", None)}
