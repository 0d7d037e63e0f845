"""What letters about trips say, and the facts under their sentences."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conferences.models import Trip, TripApproval
from conferences.money import shown
from conferences.trip_states import TripVerb
from courses.letters import Words
from schools import wording

TO_TRAVELLERS: dict[str, Words] = {
    TripVerb.SUBMIT: Words(
        _("The trip was sent for approval"),
        _("The request is on its way. You will get a letter as soon as it is decided."),
        _("Open the request"),
    ),
    TripVerb.RETURN: Words(
        _("The trip needs a change"),
        _("The approver asks for a change: change the request and send it again. The money is no longer held."),
        _("Change the request"),
    ),
    TripVerb.DECLINE: Words(
        _("The trip was declined"),
        _("The approver has declined this trip. Nothing more is to be done."),
        _("Open the request"),
    ),
    TripVerb.APPROVE: Words(
        _("The trip is approved"),
        _("All have said yes, and the order is made. Now the tickets may be bought."),
        _("Open the trip and the order"),
    ),
    TripVerb.CANCEL: Words(
        _("The trip was called off"),
        _("This trip does not take place. Give tickets and bookings back."),
        _("Open the trip"),
    ),
}
TO_APPROVER = Words(
    _("A trip waits for your decision"),
    _("Colleagues ask for a trip, and the next word is yours."),
    _("Look and decide"),
)
NO_LONGER = Words(
    _("A trip no longer waits for your decision"),
    _("The request was taken back or given up. There is nothing to decide now."),
    _("Open the request"),
)
NAMED = Words(
    _("You are named for a trip"),
    _("A colleague has named you as a traveller. Say whether you agree: without your word the request is not sent."),
    _("Agree or refuse"),
)
DUE = Words(
    _("A trip waits for your decision today"),
    _("The decision on this trip is due. Nothing is approved by silence: your colleagues wait for your word."),
    _("Look and decide"),
)
LATE = Words(
    _("A decision on a trip is overdue"),
    _("The decision on this trip should have been given by now. Nothing is approved by silence."),
    _("Look and decide"),
)


def facts(trip: Trip, approval: TripApproval | None = None) -> list[tuple[str, str]]:
    """Where, when, who, how much; for an approver also until when. In the active language."""
    rows = [
        (gettext("Trip"), where(trip)),
        (gettext("Conference"), str(trip.edition or "")),
        (gettext("Course"), str(trip.run.course) if trip.run else ""),
        (gettext("Dates"), wording.date_range(trip.starts_on, trip.ends_on)),
        (gettext("Travellers"), ", ".join(row.person.full_name for row in trip.travellers.all())),
        (gettext("Estimate"), shown(trip.total)),
    ]
    if approval is not None:
        rows.append((gettext("Decision due"), wording.long_date(approval.due_on)))
    return [row for row in rows if row[1]]


def where(trip: Trip) -> str:
    """«Long Beach, 4–8 August 2017», in the active language."""
    return f"{trip.city}, {wording.date_range(trip.starts_on, trip.ends_on)}"
