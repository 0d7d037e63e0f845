"""The people of a run as a table to take away. Whose contacts a reader sees on the page, stands in the file too."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from courses.from_where import school_of, signed_up_by
from courses.models import Enrolment, Run
from courses.states import EnrolmentState
from courses.teaching_queries import hours_held, with_hours
from schools import audit, wording, workbooks
from schools.access import Actor
from schools.phones import spoken_phone

DECIDED = (EnrolmentState.COMPLETED, EnrolmentState.NOT_COMPLETED)


def take_away(run: Run, people: QuerySet[Enrolment], *, actor: Actor) -> tuple[str, bytes]:
    """Name and body of the file in the active language; the ledger keeps who took how many people's data away.

    `people` come with where they are from (`from_where`), in the order of the page that they stand on. The run's
    meetings are loaded.
    """
    rows = list(with_hours(people))
    audit.record(actor=actor, verb="run.export_people", subject=run, changes={"people": (None, len(rows))})
    body = workbooks.one_table(name=_("People"), title=_title(run), heads=_heads(run), rows=_lines(run, rows))
    day = f"-{run.starts_on:%Y-%m-%d}" if run.starts_on else ""
    return f"people{day}-{run.uid}-{(get_language() or 'kk')[:2]}.xlsx", body


def _title(run: Run) -> str:
    dates = wording.date_range(run.starts_on, run.ends_on) if run.starts_on else _("Dates to be announced")
    return f"{run.course} · {dates}"


def _heads(run: Run) -> Sequence[str]:
    heads = [_("Full name"), _("School"), _("Post"), _("E-mail"), _("Phone"), _("Application number"), _("Status")]
    heads += [_("Hours attended"), _("Hours held so far")]
    heads += [_("Final assessment")] if run.course.final_assessment else []
    return [*heads, _("Result"), *([_("Signed up by")] if run.outreach else [])]


def _lines(run: Run, people: Iterable[Any]) -> Iterator[Sequence[workbooks.Cell]]:
    held = hours_held(run, now=timezone.now())
    for row in people:
        person, state = row.person, capfirst(str(EnrolmentState(row.state).label))
        line: list[workbooks.Cell] = [
            person.full_name,
            school_of(row, run.starts_on),
            capfirst(person.get_post_display()),
            person.email,
            spoken_phone(person.phone or (row.signup.phone if row.signup else "")),
            row.number,
            pgettext("person", "Has a place") if row.state in DECIDED else state,
            row.attended,
            held,
        ]
        if run.course.final_assessment:
            line.append(capfirst(row.get_assessment_display()))
        line.append(state if row.state in DECIDED else "")
        yield [*line, *([signed_up_by(row)] if run.outreach else [])]
