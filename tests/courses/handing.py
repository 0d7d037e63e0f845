"""Hand-overs for tests: a run in which the librarian has a place and the colleague may come instead."""

from courses import handing_over, seats
from courses.models import Enrolment, HandOver
from courses.states import EnrolmentState as S
from schools.models import Mail
from tests.cast import Cast
from tests.courses import rows


def place(cast: Cast, *, state: str = S.CONFIRMED, of_held: bool = False, **fields: object) -> Enrolment:
    """The librarian's place in a new run."""
    run = rows.run(**fields)
    return rows.seats(run, [cast.librarian.person], state=state, school=cast.school, of_held=of_held)[0]


def asked(cast: Cast, row: Enrolment, *, who: str = "colleague", reason: str = "") -> HandOver:
    """The librarian asks this member of the cast."""
    to = getattr(cast, who).person
    return handing_over.ask(enrolment=row, to=to, actor=cast.librarian.actor, reason=reason)


def states(run) -> dict[str, str]:
    """Where everybody in the run stands, by surname; of several rows of one person the last."""
    found = Enrolment.objects.filter(run=run).order_by("number").values_list("person__surname", "state")
    assert seats.verify() == []
    return dict(found)


def subjects(kind: str = "") -> list[tuple[str, str]]:
    """Letters, in order: to whom, and the subject up to the course."""
    letters = Mail.objects.filter(**({"kind": kind} if kind else {})).order_by("pk")
    return [(row.address.split("@")[0], row.subject.split(":")[0]) for row in letters]
