"""Regional staff ask for a seminar: ask or join those who do, confirm by the link in the mail, withdraw."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses import demand_letters, demand_moves
from courses.models import Demand, DemandVoice, Topic
from courses.signing_up import GUEST
from courses.states import DemandState, RunState
from schools import audit, bell, directory, outbox
from schools.directory import Unlisted
from schools.errors import Refused, Stale
from schools.models import Region, School, SchoolRequest

CONSENT_VERSION = "2026-11"
"""The text that they agree to; `templates/courses/demand/_consent.html` holds it."""
UNCONFIRMED_FOR = timedelta(days=7)
TRIES = 5
JOINABLE = Q(state=DemandState.OPEN) | Q(state=DemandState.PLANNED, run__state=RunState.DRAFT)
"""A seminar that is still being prepared may be wished for by more people; one that is announced is signed up for."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: whom the letters go to, and in which language."""

    name: str
    email: str
    language: str
    school: School | Unlisted | None = None
    note: str = ""


def ask(*, topic: Topic, language: str, region: Region, asker: Asker) -> DemandVoice:
    """Ask for a topic in a language and region; whoever wants the same stands in one demand.

    Nothing counts before the link in the mail is used. Who has asked before gets the link again.
    """
    for _attempt in range(TRIES):
        demand = (
            Demand.objects.filter(JOINABLE, topic=topic, language=language, region=region)
            .order_by("state", "id")
            .first()
        )
        if demand is None:
            demand = _opened(topic, language, region)
        if demand is not None and (voice := _join(demand, asker)):
            return voice
    raise Stale(_("This has changed in the meantime. Look at its present status and try again."))


def second(*, demand: Demand, asker: Asker) -> DemandVoice:
    """Join those who ask. Raises Refused where the seminar is announced already, or nothing is asked any more."""
    voice = _join(demand, asker)
    if voice is None:
        raise Refused(_("This has been dealt with. Look whether a seminar is announced, or ask anew."))
    return voice


def _opened(topic: Topic, language: str, region: Region) -> Demand | None:
    """A new demand; None if somebody else was faster."""
    try:
        with transaction.atomic():
            demand = Demand.objects.create(topic=topic, language=language, region=region)
            audit.record(actor=GUEST, verb="demand.ask", subject=demand, changes={"state": (None, demand.state)})
            return demand
    except IntegrityError:
        return None


@transaction.atomic
def _join(demand: Demand, asker: Asker) -> DemandVoice | None:
    """A voice in the demand, and the letter with its link; None where the demand takes no more."""
    now = timezone.now()
    row = Demand.objects.select_for_update(no_key=True, of=("self",)).filter(pk=demand.pk).first()
    if row is None or not Demand.objects.filter(JOINABLE, pk=row.pk).exists():
        return None
    voice = DemandVoice.objects.filter(demand=row, email=asker.email.lower()).first()
    if voice is None or voice.verified_at is None:
        voice = _write(voice or DemandVoice(demand=row, email=asker.email.lower()), asker, now)
    demand_letters.send_link(voice)
    return voice


def _write(voice: DemandVoice, asker: Asker, now: datetime) -> DemandVoice:
    """What was typed last stands, as long as nobody has shown that the address is theirs."""
    voice.name, voice.language, voice.note = asker.name, asker.language, asker.note
    voice.school = asker.school if isinstance(asker.school, School) else None
    voice.school_request = _unlisted(voice, asker)
    voice.consent_version, voice.consented_at, voice.created_at = CONSENT_VERSION, now, now
    voice.save()
    return voice


def _unlisted(voice: DemandVoice, asker: Asker) -> SchoolRequest | None:
    """HQ looks a school up that the directory does not know; once for who asks again by the same words."""
    school, request = asker.school, voice.school_request
    if not isinstance(school, Unlisted):
        return None
    if request and (request.name, request.district, request.region) == (school.name, school.district, school.region):
        return request
    return directory.request_school(
        region=school.region,
        name=school.name,
        district=school.district,
        contact=voice.email,
        language=asker.language,
        actor=GUEST,
    )


@transaction.atomic
def confirm(*, voice: DemandVoice) -> None:
    """The link was used: the voice counts. Safe to repeat. Raises Refused where nothing is asked any more."""
    demand = demand_moves.locked(voice.demand)
    if demand.state not in (DemandState.OPEN, DemandState.PLANNED):
        raise Refused(_("This has been dealt with. Look whether a seminar is announced, or ask anew."))
    if DemandVoice.objects.filter(pk=voice.pk, verified_at=None).update(verified_at=timezone.now()):
        audit.record(actor=GUEST, verb="demand.second", subject=demand)
        bell.ring(demand_letters.TELL, demand.pk)


@transaction.atomic
def withdraw(*, voice: DemandVoice) -> None:
    """Name and address go, and what was not sent yet is not sent. Safe to repeat."""
    demand = demand_moves.locked(voice.demand)
    outbox.supersede(about=voice)
    _forget_contacts(DemandVoice.objects.filter(pk=voice.pk))
    if DemandVoice.objects.filter(pk=voice.pk).delete()[0] and voice.verified_at:
        audit.record(actor=GUEST, verb="demand.withdraw", subject=demand)


def expire_unconfirmed(*, now: datetime | None = None) -> int:
    """Forget who did not confirm within a week, and open demands that nobody stands behind; how many voices went."""
    before = (now or timezone.now()) - UNCONFIRMED_FOR
    with transaction.atomic():
        old = DemandVoice.objects.filter(verified_at=None, created_at__lte=before)
        _forget_contacts(old)
        gone = old.delete()[0]
        empty = Demand.objects.filter(state=DemandState.OPEN, voices=None, created_at__lte=before)
        pks = list(Demand.objects.select_for_update(skip_locked=True).filter(pk__in=empty).values_list("pk", flat=True))
        Demand.objects.filter(pk__in=pks, voices=None).delete()
    return gone


def _forget_contacts(voices: QuerySet[DemandVoice]) -> None:
    """The addresses of these go from the requests for their schools too; what the schools are called may stay."""
    SchoolRequest.objects.filter(pk__in=voices.values("school_request")).update(contact="")
