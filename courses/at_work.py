"""Who still works in the network when a run begins: nobody else is offered or given a seat in it.

The day that counts is the run's first; today, where that has passed or is not set yet. Guests come from anywhere, and
somebody who never had a role cannot have lost one. From a run that is open to staff of any school nobody has left.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db.models import DateField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Run
from schools.errors import Refused
from schools.models import Membership, Person

LEFT = _(
    "By the dates of the roles, the work in the network ends before this course begins: "
    "there can be no place in it. If the dates are wrong, a coordinator puts them right."
)
Spans = dict[int, list[tuple[date, date | None]]]
"""Of each person the times of their roles."""


def works(today: date) -> Q:
    """A condition on Enrolment: the applicant works in the network when the run begins, or need not."""
    known = Value(today, output_field=DateField())
    day = Greatest(Coalesce(OuterRef("run__starts_on"), known), known)
    roles = Membership.objects.filter(person=OuterRef("person"))
    then = roles.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    return Q(run__outreach=True) | Exists(then) | ~Exists(roles)


def spans_of(people: Collection[int]) -> Spans:
    """For `has_left`, in one query for many people."""
    found: Spans = defaultdict(list)
    rows = Membership.objects.filter(person__in=people).order_by().values_list("person", "valid_from", "valid_to")
    for person, start, end in rows:
        found[person].append((start, end))
    return found


def has_left(spans: Spans, person: int, run: Run, *, today: date) -> bool:
    """True if the person's roles have all ended when the run begins, and it is for staff of the network."""
    if run.outreach:
        return False
    held, day = spans.get(person, []), max(today, run.starts_on or today)
    return bool(held) and not any(start <= day and (end is None or end >= day) for start, end in held)


def leaves(person: Person, run: Run) -> bool:
    """As `has_left`, of one person."""
    return not run.outreach and has_left(spans_of([person.pk]), person.pk, run, today=timezone.localdate())


def refuse_left(person: Person, run: Run) -> None:
    """Raises Refused if the person's roles have all ended when the run begins."""
    if leaves(person, run):
        raise Refused(str(LEFT))
