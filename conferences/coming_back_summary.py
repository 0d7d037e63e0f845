"""What the page of a trip says of its papers and reports."""

from django.utils import timezone

from conferences.coming_back_access import may_see_account, may_see_written, travels
from conferences.coming_back_queries import due_on
from conferences.coming_back_states import TO_WRITE, WrittenState
from conferences.models import AdvanceReport, Trip, TripDocument, WrittenReport
from conferences.trip_states import TripState
from schools.access import Actor

GOES_ON = (TripState.APPROVED, TripState.CLOSED)


def on_trip(trip: Trip, actor: Actor) -> dict[str, object]:
    """Facts for `conferences/account/_on_trip.html`; of reports only once an approved trip has begun."""
    today = timezone.localdate()
    papers = TripDocument.objects.filter(trip=trip, file__deleted_at=None).count()
    if trip.state not in GOES_ON or today < trip.starts_on:
        return {"trip": trip, "papers": papers, "begun": False}
    account = AdvanceReport.objects.filter(trip=trip).first()
    written = WrittenReport.objects.filter(trip=trip).first()
    if written is not None:
        written.trip = trip
    owed = account is None or account.state in TO_WRITE or written is None or written.state != WrittenState.PUBLISHED
    due, mine = due_on(trip), travels(actor, trip)
    return {
        "trip": trip,
        "papers": papers,
        "begun": True,
        "account": account,
        "written": written,
        "owed": owed and trip.state == TripState.APPROVED,
        "due": due,
        "late": owed and due < today,
        "extra": "card-offer" if owed and mine else "",
        "travels": mine,
        "may_see_account": may_see_account(actor, trip),
        "may_read": written is not None and may_see_written(actor, written),
    }
