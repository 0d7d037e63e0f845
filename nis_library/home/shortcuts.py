"""What the reader does often, one click away from the own page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from courses.access import may_manage_courses, may_nominate
from nis_library.reports.access import may_build
from schools.access import Actor, may_list_people, may_manage_people, may_see_operations
from schools.templatetags.ui_ways import address


@dataclass(frozen=True, slots=True)
class Shortcut:
    label: str
    url: str
    icon: str


def shortcuts(actor: Actor) -> list[Shortcut]:
    """By role, those alone whose page this portal has."""
    leads = bool(actor.schools_led())
    places = (
        (_("New run"), "courses:organise", "calendar-plus", may_manage_courses(actor)),
        (_("Import a roster"), "schools:roster", "file-earmark-spreadsheet", may_manage_people(actor)),
        (_("Invite somebody"), "schools:invite", "person-plus", may_manage_people(actor)),
        (_("Build a report"), "reports:list", "bar-chart", may_build(actor)),
        (_("Nominate a colleague for a course"), "courses:catalogue", "hand-thumbs-up", leads and may_nominate(actor)),
        (_("People of my school"), "schools:people", "people", leads and may_list_people(actor)),
        (_("Letters of the portal"), "schools:mail", "envelope", may_see_operations(actor)),
    )
    return [Shortcut(label, url, icon) for label, name, icon, shown in places if shown and (url := str(address(name)))]
