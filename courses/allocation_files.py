"""An allocation to take away: what it was told and answered, and everybody's outcome as a table."""

from collections.abc import Iterator, Sequence

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from courses import allocation_reading as reads
from courses.allocation_standing import standing
from courses.from_where import school_of
from courses.models import Allocation
from schools import audit, wording, workbooks
from schools.access import Actor


def json_of(row: Allocation, what: str, *, actor: Actor) -> bytes:
    """`inputs` or `result`, byte for byte as stored. The ledger keeps who took it."""
    audit.record(actor=actor, verb="allocation.export", subject=row, changes={"file": (None, what)})
    return (row.inputs if what == "inputs" else row.result).encode()


def table_of(row: Allocation, *, actor: Actor) -> tuple[str, bytes]:
    """Name and body of the workbook, in the active language."""
    audit.record(actor=actor, verb="allocation.export", subject=row, changes={"file": (None, "table")})
    stands = standing(row)
    lines = reads.lines(stands, stands.ranked, reads.runs_of(row.intake))
    heads = [_("Full name"), _("School"), _("Points"), _("Draw"), pgettext("seat", "Place"), _("Why")]
    body = workbooks.one_table(
        name=_("Applicants"), title=_("Allocation of places"), heads=heads, rows=list(_rows(lines))
    )
    return f"allocation-{row.uid}-{(get_language() or 'kk')[:2]}.xlsx", body


def _rows(lines: list[reads.Line]) -> Iterator[Sequence[workbooks.Cell]]:
    for line in lines:
        run = line.run
        dates = wording.date_range(run.starts_on, run.ends_on) if run and run.starts_on else ""
        yield [
            line.enrolment.person.full_name,
            school_of(line.enrolment),
            line.told.total,
            line.told.draw,
            (dates or _("place")) if run else _("waiting list"),
            " ".join(line.told.lines),
        ]
