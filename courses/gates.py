"""What a course or a run must have before it is published. Each fault names its field."""

from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _
from translated_fields import to_attribute

from courses.models import Course, Meeting, Run
from courses.states import CourseState, Format
from courses.zones import end_of, local_day
from schools.errors import Refused
from schools.states import Language

Fault = tuple[str, str]
"""A form's field (empty for the whole page) and a sentence in the reader's language."""


class Incomplete(Refused):
    """Not yet ready to be published. `faults` says for each field what is missing."""

    def __init__(self, faults: list[Fault], message: str = "") -> None:
        super().__init__(message or _("Not published: complete the marked fields."))
        self.faults = faults


def refuse_incomplete(faults: list[Fault], message: str = "") -> None:
    """Raises Incomplete if there are any faults."""
    if faults:
        raise Incomplete(faults, message)


def refuse_disorder(run: Run) -> None:
    """Raises Incomplete if dates and deadlines contradict each other, draft or not."""
    faults = []
    if (run.starts_on is None) != (run.ends_on is None):
        faults.append(
            ("ends_on" if run.starts_on else "starts_on", _("Give both the first and the last day, or neither."))
        )
    elif run.starts_on and run.ends_on and run.ends_on < run.starts_on:
        faults.append(("ends_on", _("The last day is before the first.")))
    elif run.ends_on:
        last = end_of(run.ends_on, run.zone)
        late = [name for name in ("closes_at", "cancel_until") if (getattr(run, name) or last) > last]
        faults += [(name, _("This lies after the last day of the run.")) for name in late]
    if run.opens_at and run.closes_at and run.closes_at <= run.opens_at:
        faults.append(("closes_at", _("The deadline lies before the opening of registration.")))
    faults += _merge_faults(run)
    if faults:
        raise Incomplete(faults, _("Not saved: dates and deadlines contradict each other."))


def _merge_faults(run: Run) -> list[Fault]:
    """Held and promised places go to all while one can still apply, and before the run begins."""
    if run.merge_at is None:
        return []
    if run.opens_at and run.merge_at <= run.opens_at:
        return [("merge_at", _("Held places would go to all before registration opens."))]
    if run.starts_on and local_day(run.merge_at, run.zone) >= run.starts_on:
        return [("merge_at", _("Held places must go to all before the first day of the run."))]
    return []


def course_faults(course: Course) -> list[Fault]:
    """Texts still empty: Kazakh and Russian always, English too for a placement abroad."""
    return [
        (
            to_attribute(field, language),
            _("Before publication fill in: %(field)s, %(language)s.")
            % {
                "field": _label(field),
                "language": Language(language).label,
            },
        )
        for field, language in course.missing_for_publication()
    ]


def _label(field: str) -> str:
    return str(getattr(Course._meta.get_field(to_attribute(field, "kk")), "verbose_name", field))


def run_faults(run: Run) -> list[Fault]:
    """What keeps a run from being published; a run «to be announced» needs neither dates nor meetings."""
    faults = []
    if run.course.state != CourseState.PUBLISHED:
        faults.append(("", _("Publish the course first.")))
    if run.contact_id is None:
        faults.append(("contact", _("Name a contact person: people must know whom to ask.")))
    if run.outreach and run.chain.steps.exists():
        faults.append(("chain", _("Guests are asked for no approval: choose the chain without steps.")))
    if run.starts_on is not None:
        faults += [*_times(run), *_place(run)]
    return faults


def _times(run: Run) -> list[Fault]:
    faults = []
    days = [local_day(meeting.starts_at, run.zone) for meeting in run.meetings.all()]
    if not days:
        faults.append(("meetings", _("A run with dates needs at least one meeting.")))
    first, last = run.starts_on or date.min, run.ends_on or date.max
    text = _("This meeting lies outside the dates of the run: %(day)s.")
    faults += [("meetings", text % {"day": f"{day:%d.%m.%Y}"}) for day in days if not first <= day <= last]
    if run.closes_at is None:
        faults.append(("closes_at", _("Set the application deadline.")))
    return faults


def _place(run: Run) -> list[Fault]:
    if run.course.format == Format.ONLINE or run.host_id:
        return []
    languages = (Language.KK, Language.RU)
    if not any(getattr(run, to_attribute("place", language)) for language in Language.values):
        return [("place_kk", _("Choose the host school or write the venue."))]
    return [
        (to_attribute("place", language), _("Write the venue in this language too."))
        for language in languages
        if not getattr(run, to_attribute("place", language))
    ]


def run_warnings(run: Run) -> list[str]:
    """What an organiser should look at, though it does not keep the run from being published."""
    meetings = list(run.meetings.all())
    total = sum(meeting.hours for meeting in meetings)
    warnings = []
    if meetings and total != run.course.hours:
        text = _("Hours of the meetings: %(total)s. Hours of the course: %(hours)s.")
        warnings.append(text % {"total": total, "hours": run.course.hours})
    if overlapping := _overlaps(meetings):
        warnings.append(_("Meetings overlap on %(day)s.") % {"day": f"{overlapping:%d.%m.%Y}"})
    if run.course.format != Format.IN_PERSON and not run.join_link:
        warnings.append(_("There is no join link yet."))
    return warnings


def _overlaps(meetings: list[Meeting]) -> date | None:
    rows = sorted(meetings, key=lambda row: row.starts_at)
    for first, second in pairwise(rows):
        if second.starts_at < first.ends_at:
            return second.day
    return None
