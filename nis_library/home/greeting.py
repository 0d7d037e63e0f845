"""What the personal page says first: good morning, and what waits."""

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MORNING, DAY, EVENING = 5, 12, 18


def greeting(name: str, now: datetime) -> str:
    """By the hour of the portal's own time zone, with the given name where there is one."""
    hour = localtime(now).hour
    if MORNING <= hour < DAY:
        return _("Good morning, %(name)s!") % {"name": name} if name else _("Good morning!")
    if DAY <= hour < EVENING:
        return _("Good afternoon, %(name)s!") % {"name": name} if name else _("Good afternoon!")
    return _("Good evening, %(name)s!") % {"name": name} if name else _("Good evening!")


def lead(
    *, decisions: int, nominations: int, returned: int, dates: int, offers: int = 0, results: int = 0, answers: int = 0
) -> str:
    """One sentence that counts what waits for the reader."""
    parts = []
    if offers:
        parts.append(ngettext("%(n)s offered place", "%(n)s offered places", offers) % {"n": offers})
    if decisions:
        parts.append(ngettext("%(n)s decision", "%(n)s decisions", decisions) % {"n": decisions})
    if nominations:
        parts.append(ngettext("%(n)s nomination", "%(n)s nominations", nominations) % {"n": nominations})
    if returned:
        words = ngettext("%(n)s application to change", "%(n)s applications to change", returned)
        parts.append(words % {"n": returned})
    if results:
        parts.append(ngettext("%(n)s course to close", "%(n)s courses to close", results) % {"n": results})
    if answers:
        parts.append(ngettext("%(n)s questionnaire", "%(n)s questionnaires", answers) % {"n": answers})
    if dates:
        parts.append(ngettext("%(n)s event ahead", "%(n)s events ahead", dates) % {"n": dates})
    if not parts:
        return _("Nothing waits for you today.")
    return _("Waiting for you: %(list)s.") % {"list": ", ".join(parts)}
