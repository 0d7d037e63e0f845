"""Paper for the room and for attestation: the sign-in sheet of a run, a person's record."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.calendars import place_of
from courses.from_where import school_of
from courses.models import Enrolment, Meeting, Run
from courses.record import Entry, Record
from schools import printing, wording
from schools.models import School

COLUMNS = 6
"""Meetings on one sheet; a run with more gets further sheets."""
WIDE = 3
"""From so many columns on the paper lies on its side."""
SPARE = 3
"""Empty lines at the end, for those who come without being on the list."""


def sign_in_sheet(run: Run, people: Sequence[Enrolment], *, language: str, now: datetime) -> bytes:
    """Names in the order given, with room to sign at each meeting, in kk, ru or en.

    The run's meetings, trainers and host, and where the people come from, are loaded.
    """
    with translation.override(language):
        groups = list(_groups(run))
        data = {
            "language": language,
            "title": pgettext("title of the document", "Sign-in sheet"),
            "course": str(run.course),
            "facts": [fact for fact in _facts(run) if fact[1]],
            "labels": {
                "name": _("Full name"),
                "school": _("School"),
                "signature": _("Signature"),
                "trainer": _("Trainer's signature"),
                "people": _("Participants: %(n)s") % {"n": len(people)},
                "page": pgettext("of a document", "page"),
            },
            "people": [[row.person.full_name, school_of(row, run.starts_on)] for row in people],
            "spare": SPARE,
            "sheets": [[_column(meeting, run.zone) for meeting in group] for group in groups],
            "wide": max(len(group) for group in groups) >= WIDE,
            "printed": _("Printed on %(day)s") % {"day": wording.short_date(now)},
        }
        return printing.pdf("sign_in_sheet.typ", data, dated=now)


def _facts(run: Run) -> list[tuple[str, str]]:
    return [
        (_("Dates"), wording.date_range(run.starts_on, run.ends_on) if run.starts_on else ""),
        (_("Venue"), place_of(run)),
        (_("Trainers"), ", ".join(str(trainer) for trainer in run.trainers.all())),
        (_("Academic hours"), str(run.course.hours)),
    ]


def _groups(run: Run) -> Iterator[list[Meeting]]:
    """Meetings sheet by sheet, spread evenly; one empty sheet where there are none."""
    meetings = list(run.meetings.all())
    sheets = max(1, -(-len(meetings) // COLUMNS))
    size = max(1, -(-len(meetings) // sheets))
    yield from ([meetings[at : at + size] for at in range(0, len(meetings), size)] or [[]])


def _column(meeting: Meeting, zone: str) -> tuple[str, str]:
    start, end = (moment.astimezone(ZoneInfo(zone)) for moment in (meeting.starts_at, meeting.ends_at))
    return wording.short_date(meeting.day), f"{start:%H:%M}–{end:%H:%M}"


def record(row: Record, *, school: School | None, language: str) -> bytes:
    """A person's record for attestation, in kk, ru or en; the same bytes for the same day and facts.

    `school` is where the person works on the day of the record.
    """
    with translation.override(language):
        dated = datetime.combine(row.on, time.min, timezone.get_default_timezone())
        return printing.pdf("record.typ", _record_data(row, school, language), dated=dated)


def record_file_name(row: Record, *, language: str) -> str:
    return f"record-{row.on:%Y-%m-%d}-{language}.pdf"


def _record_data(row: Record, school: School | None, language: str) -> dict[str, object]:
    person = row.person
    facts = [
        (_("Name"), person.full_name),
        (_("School"), school.official_name(on=row.on) if school else ""),
        (_("Post"), capfirst(person.get_post_display())),
        (_("Qualification category"), capfirst(person.get_category_display()) if person.category else ""),
    ]
    return {
        "language": language,
        "title": pgettext("title of the document", "Record of professional development"),
        "organisation": _("Nazarbayev Intellectual Schools"),
        "as_of": _("As of %(day)s") % {"day": wording.long_date(row.on)},
        "facts": [fact for fact in facts if fact[1]],
        "totals": _totals(row),
        "heads": [_("Course"), _("Dates"), _("Hours"), _("Result"), _("Certificate")],
        "years": [
            {
                "title": str(year.year) if year.year else _("Without dates"),
                "hours": wording.hours(year.hours),
                "rows": [_line(entry) for entry in year.entries],
            }
            for year in row.years
        ],
        "empty": _("No course has been completed yet."),
        "labels": {
            "note": _("Hours are academic hours of 45 minutes. Only completed courses count."),
            "signature": pgettext("certificate", "signature, seal"),
            "head": _("Director"),
            "page": pgettext("of a document", "page"),
        },
    }


def _totals(row: Record) -> list[tuple[str, str]]:
    window = _("Hours since %(day)s") % {"day": wording.short_date(row.since)}
    reached = _("%(hours)s of %(target)s") % {"hours": row.window_hours, "target": row.target}
    return [
        (window, reached),
        (_("Hours in all"), wording.number(row.hours)),
        (_("Completed courses"), wording.number(row.courses)),
        (_("Certificates"), wording.number(row.certificates)),
    ]


def _line(entry: Entry) -> list[str]:
    run = entry.enrolment.run
    dates = wording.date_range(run.starts_on, run.ends_on, year=False) if run.starts_on else "—"
    return [
        entry.title,
        capfirst(run.course.get_kind_display()),
        dates,
        str(entry.hours),
        capfirst(entry.enrolment.get_state_display()),
        entry.certificate.number if entry.certificate else "—",
    ]
