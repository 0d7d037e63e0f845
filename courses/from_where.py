"""Where the people of a run come from, as those read it who organise and teach: the school, and who signed them up."""

from datetime import date

from django.db.models import QuerySet

from courses.models import Enrolment
from schools.folding import fold


def with_origin(rows: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Loads what `school_of` and `signed_up_by` read, and the region of the school."""
    return rows.select_related("person", "school__region", "signup__school_request").prefetch_related("school__names")


def school_of(row: Enrolment, day: date | None = None) -> str:
    """The school's short name of that day; where the directory does not have it yet, what the contact wrote."""
    if row.school:
        return row.school.short_name(on=day)
    request = row.signup.school_request if row.signup else None
    return request.name if request else ""


def signed_up_by(row: Enrolment) -> str:
    """Who signed this guest up; empty for staff, and for those who did it themselves."""
    if row.signup is None or row.signup.walk_in or _words(row.signup.name) <= _words(row.person.full_name):
        return ""
    return row.signup.name


def _words(name: str) -> set[str]:
    return set(fold(name).split())
