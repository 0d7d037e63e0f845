"""The order (приказ) on a trip as a document, in Kazakh and in Russian."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conferences.models import EstimateLine, Traveller, Trip, TripApproval
from conferences.money import shown
from conferences.trip_states import ApprovalState, Payer
from courses.countries import COUNTRIES
from schools import norms, printing, wording
from schools.models import Person

LANGUAGES = ("kk", "ru")
"""Orders are written in the state language and in Russian."""


def render(trip: Trip, *, language: str) -> bytes:
    """The order of an approved trip, loaded as its page is; the same bytes each time, dated by the day of the order."""
    assert trip.ordered_on is not None, "asked for approved trips alone"
    dated = datetime.combine(trip.ordered_on, time(9), ZoneInfo(settings.TIME_ZONE))
    with translation.override(language):
        return printing.pdf("trip_order.typ", _data(trip, language), dated=dated)


def _data(trip: Trip, language: str) -> dict[str, object]:
    assert trip.ordered_on is not None
    lines = list(trip.lines.select_related("traveller__person", "payer_school").prefetch_related("payer_school__names"))
    return {
        "language": language,
        "organisation": _("Nazarbayev Intellectual Schools"),
        "title": pgettext("title of the document", "Order"),
        "subject": _("On a business trip"),
        "number": f"№ {trip.order_year}/{trip.order_number}",
        "day": wording.long_date(trip.ordered_on, language),
        "intro": _("The following are sent on a business trip:"),
        "people": [[row.person.full_name, _post(row.person), _school(row, trip)] for row in trip.travellers.all()],
        "facts": [fact for fact in _facts(trip, language) if fact[1]],
        "costs": [_cost(line) for line in lines],
        "total": shown(trip.total),
        "words": [_word(row, language) for row in trip.approvals.all() if row.state == ApprovalState.APPROVED],
        "labels": _labels(),
        "duties": [
            _("Reports after the return: advance report with receipts and a written report. Working days: %(days)s.")
            % {"days": norms.value("advance_report_days", on=trip.ends_on)},
            *(
                _promise(row.person.full_name, row.what, wording.long_date(row.due_on, language))
                for row in trip.promises.select_related("person")
            ),
        ],
        "duties_title": _("After the return"),
    }


def _labels() -> dict[str, str]:
    return {
        "people": _("Travellers"),
        "name": _("Full name"),
        "post": capfirst(_("post")),
        "school": capfirst(_("school")),
        "costs": _("Estimate of costs"),
        "what": capfirst(_("what for")),
        "payer": capfirst(_("who pays")),
        "sum": _("Sum"),
        "tenge": _("In tenge"),
        "total": capfirst(_("total")),
        "words": _("Agreed by"),
        "steps": _("Step of approval"),
        "day": pgettext("of a decision", "Date"),
        "signature": pgettext("certificate", "signature, seal"),
    }


def _facts(trip: Trip, language: str) -> list[tuple[str, str]]:
    return [
        (capfirst(_("purpose")), trip.purpose),
        (_("Conference"), str(trip.edition or "")),
        (_("Course"), str(trip.run.course) if trip.run else ""),
        (_("Place"), f"{trip.city}, {COUNTRIES.get(trip.country, trip.country)}"),
        (_("Dates"), wording.date_range(trip.starts_on, trip.ends_on, language)),
        (_("Days"), str(trip.days)),
    ]


def _post(person: Person) -> str:
    return str(capfirst(person.get_post_display()))


def _school(row: Traveller, trip: Trip) -> str:
    return row.school.short_name(on=trip.ordered_on) if row.school else ""


def _cost(line: EstimateLine) -> list[str]:
    payer = line.payer_school.short_name() if line.payer_school else str(Payer(line.payer).label)
    who = line.traveller.person.short_name if line.traveller else ""
    what = ", ".join(part for part in (str(line.get_kind_display()), line.what, who) if part)
    return [str(capfirst(what)), payer, shown(line.amount, line.currency), shown(line.tenge)]


def _word(row: TripApproval, language: str) -> list[str]:
    who = row.decided_by.full_name if row.decided_by else ""
    if row.acting_for:
        who = _("%(who)s in place of %(holder)s") % {"who": who, "holder": row.acting_for.full_name}
    return [str(row.step), who, wording.short_date(row.decided_at) if row.decided_at else ""]


def _promise(name: str, what: str, day: str) -> str:
    return _("%(name)s passes on: «%(what)s». By: %(day)s.") % {"name": name, "what": what, "day": day}
