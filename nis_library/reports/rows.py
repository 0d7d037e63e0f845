"""The rows behind a figure, read from the frozen file and checked against its hash."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from courses.models import Run
from nis_library.reports.build import folder
from nis_library.reports.models import YearlyReport
from schools import wording
from schools.errors import Refused
from schools.models import Person

KEYS = ("school", "topic", "format", "kind", "month")


@dataclass(frozen=True, slots=True)
class Line:
    """One completed enrolment as the report counted it, with the names of today."""

    person: str
    title: str
    school: str
    ends_on: str
    hours: int
    row: dict[str, Any]


def frozen(report: YearlyReport) -> list[dict[str, Any]]:
    """All rows of the report. Raises Refused if the file is gone or was changed after freezing."""
    try:
        text = gzip.decompress((folder() / report.rows_name).read_bytes())
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise Refused(_("The rows behind this report cannot be read. Tell the administrator.")) from error
    if hashlib.sha256(text).hexdigest() != report.rows_sha256:
        raise Refused(_("The rows behind this report were changed after it was built. Tell the administrator."))
    return [json.loads(line) for line in text.splitlines()]


def chosen(rows: list[dict[str, Any]], wanted: dict[str, str]) -> list[dict[str, Any]]:
    """The rows that a figure counts: `wanted` holds values of KEYS; a month is «2026-04»."""
    return [row for row in rows if all(_fits(row, key, value) for key, value in wanted.items())]


def _fits(row: dict[str, Any], key: str, value: str) -> bool:
    return str(row["ends_on"])[:7] == value if key == "month" else str(row.get(key) or "") == value


def with_names(rows: list[dict[str, Any]], schools: dict[str, str]) -> Iterator[Line]:
    """Rows with the names of people and courses, two queries for all; a person who is gone is «erased»."""
    people = Person.objects.select_related("merged_into").in_bulk({row["person"] for row in rows})
    runs = {run.uid: run for run in Run.objects.filter(uid__in={row["run"] for row in rows}).select_related("course")}
    for row in rows:
        person, run = people.get(row["person"]), runs.get(row["run"])
        yield Line(
            person=(person.merged_into or person).full_name if person else _("erased"),
            title=str(run.course) if run else "—",
            school=schools.get(str(row["school"]), str(row["school"] or "—")),
            ends_on=wording.short_date(date.fromisoformat(str(row["ends_on"]))),
            hours=row["hours"],
            row=row,
        )
