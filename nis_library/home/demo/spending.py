"""What the trips of the demonstration cost: estimates, accounts that finance accepted, and the written report."""

from datetime import date, timedelta

from conferences.budget_states import CostKind
from conferences.coming_back_states import AdvanceState, AdvanceVerb, WrittenState
from conferences.currencies import HOME
from conferences.models import AdvanceLine, AdvanceMove, AdvanceReport, EstimateLine, Trip, WrittenReport
from conferences.money import MICRO, to_tenge
from conferences.trip_states import Payer
from nis_library.home.demo import tales
from nis_library.home.demo.chance import Chance, at
from nis_library.home.demo.crowd import Crowd
from nis_library.home.demo.purse import DOLLAR, SOURCE
from schools.states import Role

DAY = timedelta(days=1)
CENTS = 100
DOLLARS = {CostKind.TRAVEL: (600, 1400), CostKind.HOUSING: (350, 800), CostKind.FEE: (250, 550)}
"""For each traveller, from and to."""
TENGE = {CostKind.PER_DIEM: (90_000, 220_000), CostKind.INSURANCE: (6_000, 15_000), CostKind.VISA: (25_000, 60_000)}
NOT_ABROAD = (CostKind.VISA, CostKind.INSURANCE, CostKind.FEE)


class Spending:
    """Writes the money and the report of a trip."""

    def __init__(self, chance: Chance, crowd: Crowd, *, today: date) -> None:
        self.chance, self.crowd, self.today = chance, crowd, today

    def write(self, trip: Trip, *, accounted: bool) -> None:
        """The estimate; where `accounted` also what was spent, and what was learned."""
        for traveller in trip.travellers.order_by("pk"):
            sums = [(kind, "USD", span) for kind, span in DOLLARS.items()]
            sums += [(kind, HOME, span) for kind, span in TENGE.items()]
            for order, (kind, currency, span) in enumerate(sums):
                if trip.abroad or kind not in NOT_ABROAD:
                    self._line(trip, traveller.pk, order, kind, currency, span)
        trip.total = sum(trip.lines.values_list("tenge", flat=True))
        trip.save(update_fields=["total"])
        if accounted:
            self._account(trip)
            self._report(trip)

    def _line(self, trip: Trip, traveller: int, order: int, kind: str, currency: str, span: tuple[int, int]) -> None:
        amount, day = self.chance.randint(*span) * CENTS, trip.starts_on - 85 * DAY
        rate = MICRO if currency == HOME else DOLLAR.get(day.year, DOLLAR[max(DOLLAR)]) * MICRO
        EstimateLine.objects.create(
            uid=self.chance.uid(),
            trip=trip,
            traveller_id=traveller,
            order=order,
            kind=kind,
            amount=amount,
            currency=currency,
            rate=rate,
            rate_on=day,
            rate_source=SOURCE,
            tenge=to_tenge(amount, currency, rate),
            payer=Payer.NETWORK,
        )

    def _account(self, trip: Trip) -> None:
        """Every line a little below what was foreseen; finance accepted it within a week."""
        sent = at(trip.ends_on + 4 * DAY, 16)
        report = AdvanceReport.objects.create(
            uid=self.chance.uid(), trip=trip, state=AdvanceState.ACCEPTED, version=1, changed_at=sent + 4 * DAY
        )
        for line in trip.lines.order_by("pk"):
            amount = line.amount * self.chance.randint(82, 100) // 100
            AdvanceLine.objects.create(
                uid=self.chance.uid(),
                report=report,
                order=line.order,
                estimate=line,
                traveller_id=line.traveller_id,
                kind=line.kind,
                payer=line.payer,
                amount=amount,
                currency=line.currency,
                rate=line.rate,
                rate_on=trip.ends_on,
                rate_source=SOURCE,
                tenge=to_tenge(amount, line.currency, line.rate),
            )
        moves = (
            (AdvanceVerb.START, AdvanceState.DRAFT, trip.requester_id, 0, 1),
            (AdvanceVerb.SUBMIT, AdvanceState.SUBMITTED, trip.requester_id, 1, 4),
            (AdvanceVerb.ACCEPT, AdvanceState.ACCEPTED, self.crowd.named[Role.FINANCE], 1, 8),
        )
        for verb, state, actor, version, after in moves:
            moment = at(trip.ends_on + after * DAY, 16)
            facts = {"actor_id": actor, "version": version, "at": moment, "told_at": moment}
            AdvanceMove.objects.create(report=report, verb=verb, state=state, **facts)

    def _report(self, trip: Trip) -> None:
        moment = at(trip.ends_on + 9 * DAY, 15)
        WrittenReport.objects.create(
            uid=self.chance.uid(),
            trip=trip,
            author_id=trip.requester_id,
            language="kk",
            title=tales.REPORT % {"city": trip.city},
            learned=tales.LEARNED,
            ideas=tales.IDEAS,
            state=WrittenState.PUBLISHED,
            published_at=moment,
            changed_at=moment,
        )
