"""What becomes of demands as the run goes on that was planned for them. `running` and `moving` call these."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses import demand_letters, demand_moves
from courses.models import Demand, DemandVoice, Run
from courses.states import DemandState, RunState
from schools import bell, outbox
from schools.access import SYSTEM, Actor

D = DemandState


def published(run: Run) -> None:
    """Everybody who asked hears of it once. Inside the transaction of the deed."""
    for pk in Demand.objects.filter(run=run, state=D.PLANNED).order_by("pk").values_list("pk", flat=True):
        bell.ring(demand_letters.TELL, pk)


def discarded(run: Run, *, actor: Actor) -> None:
    """The draft goes: what it was for is open again."""
    _reopen(run, "discard", actor)


def called_off(run: Run, *, actor: Actor) -> None:
    """The run was called off: what it was for is open again, and the next announcement is told anew."""
    _reopen(run, "call_off", actor)


def _reopen(run: Run, name: str, actor: Actor) -> None:
    demands = Demand.objects.select_for_update(no_key=True).filter(run=run, state=D.PLANNED).order_by("pk")
    for demand in demands:
        outbox.supersede(about=list(demand.voices.exclude(told_at=None)), kinds=[demand_letters.TOLD])
        demand.voices.update(told_at=None)
        same = {"topic": demand.topic_id, "language": demand.language, "region": demand.region_id}
        twin = Demand.objects.select_for_update(no_key=True).filter(**same, state=D.OPEN).first()
        if twin is None:
            demand_moves.make(demand, name, actor=actor)
        else:
            _merge(demand, twin)
            demand_moves.make(demand, "merge", actor=actor, note=twin.uid)


def _merge(demand: Demand, twin: Demand) -> None:
    """Others have asked for the same meanwhile: the voices go there, each address once, a confirmed one first."""
    confirmed = demand.voices.exclude(verified_at=None).values_list("email", flat=True)
    twin.voices.filter(verified_at=None, email__in=list(confirmed)).delete()
    taken = list(twin.voices.values_list("email", flat=True))
    demand.voices.exclude(email__in=taken).update(demand=twin)
    DemandVoice.objects.filter(demand=demand).delete()


def settle_due() -> int:
    """Demands whose seminar is over are met; returns how many."""
    today = timezone.localdate()
    over = Q(run__state=RunState.CLOSED) | Q(run__state=RunState.PUBLISHED, run__ends_on__lt=today)
    due = list(Demand.objects.filter(over, state=D.PLANNED).order_by("pk"))
    met = 0
    for row in due:
        with transaction.atomic():
            demand = demand_moves.locked(row)
            if demand.state == D.PLANNED and demand.run_id == row.run_id:
                demand_moves.make(demand, "meet", actor=SYSTEM)
                met += 1
    return met
