"""The applicant's own order among parallel runs: 1 for the dearest. It decides which place one gets, never whether."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import access
from courses.allocating import deadlines_passed
from courses.models import Enrolment, Intake, Run
from courses.states import EnrolmentState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import Person

S = EnrolmentState
WISHED = (S.NOMINATED, S.PENDING, S.RETURNED, S.POOLED)
"""Applications that may still take part in the allocation."""


def wishes_of(person_id: int, intake: Intake) -> QuerySet[Enrolment]:
    """The person's applications for the intake that still count, the dearest first."""
    rows = Enrolment.objects.filter(person=person_id, run__intake=intake, state__in=WISHED)
    return rows.select_related("run__course").order_by("wish", "pk")


def next_wish(person: Person, run: Run) -> int:
    """The wish of a new application: after those that there are. Under the person's lock."""
    if run.intake is None:
        return 1
    return wishes_of(person.pk, run.intake).count() + 1


def move(*, enrolment: Enrolment, up: bool, actor: Actor) -> list[Enrolment]:
    """Put an application one place up or down in the order; the others make room. Returns the new order.

    Raises Refused for others, or once the last deadline has passed; Stale if the application counts no more.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=enrolment.person_id)
        if actor.person_id != person.pk or not access.is_applicant(actor, enrolment):
            raise Refused(_("Only the applicant can do this."))
        intake = enrolment.run.intake
        if intake is None or not may_rank(intake, list(intake.runs.all())):
            raise Refused(_("The order can be changed until the last application deadline."))
        rows = list(wishes_of(person.pk, intake))
        place = next((order for order, row in enumerate(rows) if row.pk == enrolment.pk), None)
        if place is None:
            raise Stale(_("This has changed in the meantime. Look at its present status and try again."))
        other = place - 1 if up else place + 1
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
        _write(rows, actor, person)
    return rows


def may_rank(intake: Intake, runs: Sequence[Run]) -> bool:
    """True while applications are gathered and a deadline is still to come."""
    return intake.gathers and not deadlines_passed(list(runs), timezone.now())


def _write(rows: Sequence[Enrolment], actor: Actor, person: Person) -> None:
    """Numbers from 1 on, without gaps; only what changes is written."""
    deeds = []
    for order, row in enumerate(rows, start=1):
        if row.wish != order:
            deeds.append(audit.Deed(row, {"wish": (row.wish, order)}, school=row.school_id, person=person))
            row.wish = order
            row.save(update_fields=["wish"])
    if deeds:
        audit.record_many(actor=actor, verb="enrolment.wish", deeds=deeds)
