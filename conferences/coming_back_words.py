"""What letters about reports of trips say, and the facts under their sentences."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conferences.coming_back_queries import due_on
from conferences.coming_back_states import AdvanceVerb, WrittenState
from conferences.models import AdvanceReport, Trip, WrittenReport
from courses.letters import Words
from schools import wording

TO_FINANCE = Words(
    _("An advance report waits for you"),
    _("Colleagues have sent the advance report of a trip. Look at the receipts, then accept or return it."),
    _("Look and decide"),
)
TO_TRAVELLERS: dict[str, Words] = {
    AdvanceVerb.RETURN: Words(
        _("The advance report needs a change"),
        _("Finance asks you to change the advance report and to send it again."),
        _("Change the report"),
    ),
    AdvanceVerb.ACCEPT: Words(
        _("The advance report is accepted"),
        _("The money of the trip is accounted for. Thank you."),
        _("Open the report"),
    ),
}
SOON = Words(
    _("Reports of your trip are due soon"),
    _("Please send the advance report and open the report on what was learned to colleagues by this day."),
    _("Open the trip"),
)
TODAY = Words(
    _("Reports of your trip are due today"),
    _("Today is the last day for the reports of your trip."),
    _("Open the trip"),
)
LATE = Words(
    _("Reports of your trip are late"),
    _("The reports of your trip should have been here by now. Until they are, no new trip can be asked for."),
    _("Open the trip"),
)
TO_LEADERS = Words(
    _("Reports of a trip are late"),
    _("Colleagues who travelled have not finished their reports. Please speak to them."),
    _("Open the trip"),
)


def facts(trip: Trip, *, states: bool = False) -> list[tuple[str, str]]:
    """Where, who, until when; with `states` also where both reports stand. In the active language."""
    rows = [
        (gettext("Trip"), where(trip)),
        (gettext("Travellers"), ", ".join(row.person.full_name for row in trip.travellers.all())),
        (gettext("Due"), wording.long_date(due_on(trip))),
    ]
    return rows + (_states(trip) if states else [])


def where(trip: Trip) -> str:
    return f"{trip.city}, {wording.date_range(trip.starts_on, trip.ends_on)}"


def _states(trip: Trip) -> list[tuple[str, str]]:
    account = AdvanceReport.objects.filter(trip=trip).first()
    words = WrittenReport.objects.filter(trip=trip).first()
    of_words = WrittenState(words.state).label if words else gettext("not begun")
    return [
        (gettext("Advance report"), str(account.get_state_display() if account else gettext("not begun"))),
        (gettext("What was learned"), str(of_words)),
    ]
