"""Keeping the route of approval and who stands in for whom. A route is never changed: a new version follows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences.models import ApprovalRoute, RouteStep, StandIn
from conferences.trip_access import may_set_routes
from schools import audit
from schools.access import Actor
from schools.errors import Refused
from schools.models import Person
from schools.queries import in_force
from schools.reference import Tally
from schools.states import NETWORK_ROLES, Role

MOST_STEPS = 12
USUAL = (
    (Role.DIRECTOR, "Мектеп директоры", "Директор школы", "School director"),
    (Role.HQ, "Бас кеңсе үйлестірушісі", "Координатор головного офиса", "HQ coordinator"),
    (Role.FINANCE, "Қаржы бөлімі", "Финансовый отдел", "Finance"),
)
"""The route that a new portal begins with, step by step."""
SINCE = date(2013, 1, 1)


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step as it is typed. Sums are tiyn; `days` 0 takes the portal's setting."""

    order: int
    name_kk: str
    name_ru: str
    name_en: str
    role: str = ""
    person: Person | None = None
    above: int = 0
    two_hands_from: int | None = None
    days: int = 0


@transaction.atomic
def set_route(*, steps: Sequence[StepPlan], valid_from: date, actor: Actor, note: str = "") -> ApprovalRoute:
    """Make the next version of the route; requests that are under way keep theirs.

    Raises Refused for strangers, a day in the past, no step at all, and more of them than anybody waits for.
    """
    if not may_set_routes(actor):
        raise Refused(_("Only head office changes the route of approval."))
    if valid_from < timezone.localdate():
        raise Refused(_("A route holds from today on, or from a later day."))
    if not 0 < len(steps) <= MOST_STEPS:
        raise Refused(_("A route has at least one step, and at most %(most)s.") % {"most": MOST_STEPS})
    number = (ApprovalRoute.objects.aggregate(most=Max("number"))["most"] or 0) + 1
    route = ApprovalRoute.objects.create(
        number=number, valid_from=valid_from, made_by_id=actor.person_id, note=note.strip()
    )
    for step in steps:
        RouteStep.objects.create(route=route, **{name: getattr(step, name) for name in StepPlan.__slots__})
    told = ", ".join(f"{step.order}: {step.role or step.person}" for step in steps)
    audit.record(actor=actor, verb="route.set", subject=route, changes={"steps": (None, told)}, note=note)
    return route


@transaction.atomic
def name_stand_in(*, holder: Person, deputy: Person, valid_from: date, valid_to: date, actor: Actor) -> StandIn:
    """Let `deputy` decide on trips in the place of `holder`, who holds an office of the network.

    Raises Refused for strangers, dates out of order or past, a holder without such an office, the same person twice,
    and where the holder has a stand-in on one of these days. Whoever is away may name the stand-in, and HQ may.
    """
    if actor.person_id is None or not (may_set_routes(actor) or actor.person_id == holder.pk):
        raise Refused(_("Only head office, or who is away, names a stand-in."))
    if valid_to < valid_from or valid_to < timezone.localdate():
        raise Refused(_("The days are out of order, or over."))
    if holder.pk == deputy.pk:
        raise Refused(_("A stand-in is somebody else."))
    if not holder.memberships.filter(in_force(valid_from), role__in=NETWORK_ROLES).exists():
        raise Refused(
            _("This person holds no office of the network. Deputies of a director are named on the school's page.")
        )
    if StandIn.objects.filter(holder=holder, valid_from__lte=valid_to, valid_to__gte=valid_from).exists():
        raise Refused(_("There is a stand-in on some of these days already."))
    row = StandIn.objects.create(
        holder=holder, deputy=deputy, valid_from=valid_from, valid_to=valid_to, named_by_id=actor.person_id
    )
    days = {"valid_from": (None, valid_from), "valid_to": (None, valid_to)}
    audit.record(actor=actor, verb="standin.name", subject=row, person=deputy, changes=days)
    return row


@transaction.atomic
def end_stand_in(*, row: StandIn, actor: Actor) -> None:
    """The stand-in decides nothing more from now on. What was decided stays. Raises Refused for strangers."""
    if not (may_set_routes(actor) or (actor.person_id is not None and actor.person_id == row.holder_id)):
        raise Refused(_("Only head office, or who is away, names a stand-in."))
    audit.record(actor=actor, verb="standin.end", subject=row, person=row.deputy)
    row.delete()


def load_route() -> Tally:
    """The usual route, where there is none yet."""
    tally = Tally()
    if ApprovalRoute.objects.exists():
        tally["same"] += 1
        return tally
    route = ApprovalRoute.objects.create(number=1, valid_from=SINCE)
    for order, (role, kk, ru, en) in enumerate(USUAL, start=1):
        RouteStep.objects.create(route=route, order=order, role=role, name_kk=kk, name_ru=ru, name_en=en)
    tally["added"] += 1
    return tally
