"""Papers of a trip: added, handed out, deleted. Copies of passports and the like go some time after the trip."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences.coming_back_states import PERSONAL
from conferences.document_access import may_add_document, may_drop_document
from conferences.models import Trip, TripDocument
from conferences.trip_states import TripState
from schools import audit, files, norms
from schools.access import SYSTEM, Actor
from schools.errors import Refused
from schools.files import Upload
from schools.models import Person

MOST_DOCUMENTS = 60
NOT_TO_BE = (TripState.DECLINED, TripState.WITHDRAWN, TripState.CANCELLED)


@transaction.atomic
def add(*, trip: Trip, kind: str, upload: Upload, actor: Actor, person: Person | None = None) -> TripDocument:
    """Keep a paper; one of a single traveller is sealed and has a day on which it goes.

    Raises Refused where it is not the actor's to add, the person does not travel, or the trip does not take place.
    """
    trip = Trip.objects.select_for_update(no_key=True).get(pk=trip.pk)
    travellers = {row.person_id: row.person for row in trip.travellers.select_related("person")}
    personal = kind in PERSONAL
    if personal and (person is None or person.pk not in travellers):
        raise Refused(_("Choose the traveller whose paper this is."))
    owner = person if personal else None
    if not may_add_document(actor, trip, kind, owner.pk if owner else None):
        raise Refused(_("This paper is not yours to add: the traveller or HQ does it."))
    if trip.state in NOT_TO_BE:
        raise Refused(_("This trip does not take place: no papers are needed any more."))
    if TripDocument.objects.filter(trip=trip, file__deleted_at=None).count() >= MOST_DOCUMENTS:
        raise Refused(_("There are too many papers already: delete those that are not needed."))
    until = kept_until(trip) if personal else None
    if until is not None and until < timezone.localdate():
        raise Refused(_("The trip has been over for so long that this paper would be deleted at once."))
    file = files.keep(
        upload=upload,
        owner=owner or files.owner_of(actor),
        actor=actor,
        restricted=personal,
        delete_after=until,
    )
    document = TripDocument.objects.create(trip=trip, person=owner, kind=kind, file=file)
    _record(actor, "document.add", document)
    return document


@transaction.atomic
def drop(*, document: TripDocument, actor: Actor) -> None:
    """Delete a paper before its time. Raises Refused where it is not the actor's to delete."""
    document = TripDocument.objects.select_related("trip", "file__owner", "person").get(pk=document.pk)
    if not may_drop_document(actor, document.trip, document):
        raise Refused(_("This paper is not yours to delete."))
    if files.drop(file=document.file, actor=actor):
        _record(actor, "document.drop", document)


def kept_until(trip: Trip) -> date:
    """How long papers of single travellers are kept: counted from the trip's end, or from its falling through."""
    last = trip.ends_on
    if trip.state in NOT_TO_BE:
        last = min(last, timezone.localdate(trip.changed_at))
    return last + timedelta(days=norms.value("passport_days", on=last))


def review_terms() -> int:
    """Let the days on which papers go follow their trips; papers of those who no longer travel go at once.

    Found from rows, so it may run at any time and twice. Returns how many were changed.
    """
    rows = TripDocument.objects.filter(file__deleted_at=None, person__isnull=False).select_related(
        "trip", "file__owner", "person"
    )
    changed = 0
    for document in rows.prefetch_related("trip__travellers").order_by("pk"):
        travelling = {row.person_id for row in document.trip.travellers.all()}
        until = kept_until(document.trip)
        if document.person_id not in travelling:
            changed += files.drop(file=document.file, actor=SYSTEM)
        elif document.file.delete_after != until:
            files.keep_until(file=document.file, day=until, actor=SYSTEM)
            changed += 1
    return changed


def _record(actor: Actor, verb: str, document: TripDocument) -> None:
    changes = {"kind": (None, document.kind), "trip": (None, document.trip_id)}
    audit.record(actor=actor, verb=verb, subject=document, changes=changes, person=document.person)
