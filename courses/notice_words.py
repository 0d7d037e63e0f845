"""The words of letters about a run that was moved, changed or called off."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import calendars
from courses.letters import Words
from courses.models import RunNotice
from courses.states import EnrolmentState, NoticeKind
from schools import wording

WORDS = {
    NoticeKind.MOVED: Words(
        gettext_lazy("Your course has new dates"),
        gettext_lazy("The organisers have moved this course. Your application or place stands as it was."),
    ),
    NoticeKind.CHANGED: Words(
        gettext_lazy("A change in your course"),
        gettext_lazy(
            "The organisers have changed the venue of this course. Your application or place stands as it was."
        ),
    ),
    NoticeKind.CANCELLED: Words(
        gettext_lazy("Your course is cancelled"),
        gettext_lazy("The organisers have called this course off. You need to do nothing: your application is closed."),
        gettext_lazy("Open the page"),
    ),
}

TO_GUESTS = {
    NoticeKind.MOVED: Words(
        gettext_lazy("The seminar has new dates"),
        gettext_lazy("The organisers have moved this seminar. Your sign-up stands: whoever cannot come can cancel."),
        gettext_lazy("Your sign-up"),
    ),
    NoticeKind.CHANGED: Words(
        gettext_lazy("A change in the seminar"),
        gettext_lazy("The organisers have changed the venue of this seminar. Your sign-up stands as it was."),
        gettext_lazy("Your sign-up"),
    ),
    NoticeKind.CANCELLED: Words(
        gettext_lazy("The seminar is cancelled"),
        gettext_lazy("The organisers have called this seminar off. You need to do nothing: your sign-up is closed."),
        gettext_lazy("Open the page"),
    ),
}
"""To the contact of a sign-up, about all its people."""


def facts(notice: RunNotice, status: str) -> list[tuple[str, str]]:
    """Label and value of what the reader must know, in the active language."""
    run, before = notice.run, _dates(notice.was_from, notice.was_to)
    now = _dates(run.starts_on, run.ends_on)
    rows = [(_("Course"), str(run.course))]
    if notice.kind == NoticeKind.CANCELLED:
        return [*rows, (_("Dates"), before)]
    if before != now:
        rows.append((_("Dates before"), before))
    rows += [(_("Dates now"), now), (_("Venue"), calendars.place_of(run))]
    if status:
        rows.append((_("Your status"), str(EnrolmentState(status).label)))
    return rows


def _dates(first: date | None, last: date | None) -> str:
    return wording.date_range(first, last) if first else _("Dates to be announced")
