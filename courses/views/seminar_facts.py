"""What the page of a seminar says of it in short."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from courses.calendars import place_of
from courses.models import Run
from courses.states import Format
from schools.wording import date_range, hours, moment


def lead_of(run: Run) -> str:
    """Day and hour, place, language: what a message to a colleague would say first."""
    meetings = list(run.meetings.all())
    if run.starts_on is None:
        when = _("dates to be announced")
    elif meetings and run.starts_on == run.ends_on:
        when = moment(meetings[0].starts_at, run.zone)
    else:
        when = date_range(run.starts_on, run.ends_on)
    parts = [when, place_of(run), str(run.get_language_display()), _("free of charge")]
    return " · ".join(part for part in parts if part)


def facts_of(run: Run) -> list[tuple[str, object]]:
    """Label and value; empty values are left out by the list."""
    return [
        (pgettext("of the country", "Region"), run.region_for),
        (_("Place"), place_of(run)),
        (_("Language of instruction"), run.get_language_display()),
        (_("Format"), run.course.get_format_display()),
        (_("Length"), hours(run.course.hours)),
        (_("Target audience"), run.course.audience),
        (_("Who teaches"), ", ".join(str(trainer) for trainer in run.trainers.all())),
        (_("Sign up until"), moment(run.closes_at, run.zone) if run.closes_at else ""),
        (_("Cancel until"), moment(run.cancel_until, run.zone) if run.cancel_until else ""),
        (_("Most people of one school"), run.school_limit),
        (_("What to bring"), to_bring(run)),
        (_("Contact person"), contact_of(run)),
    ]


def to_bring(run: Run) -> str:
    if run.course.format == Format.ONLINE:
        return _("A computer or phone with sound and internet.")
    return _("The letter with your link (on the phone is enough) and something to write with.")


def contact_of(run: Run) -> str:
    """Name and mail address: who has no account writes there."""
    if run.contact is None:
        return ""
    if not run.contact.email:
        return run.contact.full_name
    return format_html('{}<br><a href="mailto:{}">{}</a>', run.contact.full_name, run.contact.email, run.contact.email)
