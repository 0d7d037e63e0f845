"""What stands on one page about a run: its form and its rows, checked together, turned into a plan."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Self

from django.forms import Form
from django.forms.utils import ErrorDict
from django.http import QueryDict

from courses import plans
from courses.forms import rows
from courses.forms.run import MoveForm, RunForm, initial_of
from courses.gates import Incomplete
from courses.models import Run
from courses.states import RunState
from schools.errors import Refused
from schools.models import Person


class Sheet:
    """A form with sets of rows. `kinds` are the prefixes of the rows, in the order of the page."""

    kinds: tuple[str, ...] = ("meetings",)
    form: Form

    def __init__(self, data: QueryDict | None, run: Run | None) -> None:
        self.data, self.run = data, run
        self.sets: dict[str, Any] = {}
        self.row_faults: list[str] = []

    @property
    def meetings(self) -> Any:
        return self.sets.get("meetings")

    @property
    def trainers(self) -> Any:
        return self.sets.get("trainers")

    @property
    def materials(self) -> Any:
        return self.sets.get("materials")

    def is_valid(self) -> bool:
        """All parts are checked, so that every error shows at once; doubtful times on the clock are errors too."""
        fine = [part.is_valid() for part in (self.form, *self.sets.values())]
        if not all(fine):
            return False
        self.planned = self._meetings()
        return self.meetings is None or not any(row.errors for row in self.meetings.kept())

    def _meetings(self) -> tuple[plans.MeetingPlan, ...] | None:
        if self.meetings is None:
            return None
        found = [row.plan(self.form.cleaned_data["zone"]) for row in self.meetings.kept()]
        return tuple(sorted((plan for plan in found if plan), key=lambda plan: plan.starts_at))

    def show(self, refusal: Refused) -> None:
        """Put what a verb refused beside the fields it speaks of."""
        self.form.add_error(None, str(refusal))
        for name, text in refusal.faults if isinstance(refusal, Incomplete) else ():
            if name == "meetings":
                self.row_faults.append(text)
            else:
                self.form.add_error(name if name in self.form.fields else None, text)

    def hush(self) -> Self:
        """Show what was typed without judging it yet."""
        self.form._errors, self.form.cleaned_data = ErrorDict(), {}
        for part in self.sets.values():
            part.hush()
        return self


class RunSheet(Sheet):
    """The page on which a run is made or edited. A published run's meetings have a page of their own."""

    form: RunForm

    def __init__(
        self, data: QueryDict | None = None, *, run: Run | None = None, people: Any, mine: Person | None = None
    ) -> None:
        super().__init__(data, run)
        self.kinds = ("trainers", "materials")
        if run is None or run.state != RunState.PUBLISHED:
            self.kinds = ("meetings", *self.kinds)
        self.form = RunForm(data, run=run, people=people)
        if run is None and mine:
            self.form.initial["contact"] = mine.uid
        taught = {"form_kwargs": {"people": list(people)}}
        self.sets = {
            "meetings": rows.MeetingRows(data, prefix="meetings", initial=_unless(data, rows.meetings_of(run))),
            "trainers": rows.TrainerRows(
                data, prefix="trainers", initial=_unless(data, rows.trainers_of(run)), **taught
            ),
            "materials": rows.MaterialRows(data, prefix="materials", initial=_unless(data, rows.materials_of(run))),
        }
        self.sets = {kind: self.sets[kind] for kind in self.kinds}

    def plan(self) -> plans.RunPlan:
        trainers: dict[str, plans.TrainerPlan] = {}
        for row in self.trainers.kept():
            trainer = row.plan()
            trainers.setdefault(str(trainer.person.pk if trainer.person else trainer.name), trainer)
        return plans.RunPlan(
            facts=self.form.facts(),
            meetings=self.planned,
            trainers=tuple(trainers.values()),
            materials=tuple(row.plan() for row in self.materials.kept()),
        )


class MoveSheet(Sheet):
    """The page on which a published run gets other dates."""

    form: MoveForm

    def __init__(self, data: QueryDict | None = None, *, run: Run, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, run)
        present: Sequence[dict[str, Any]] = rows.meetings_of(run)
        if initial:
            present = initial.pop("meetings")
        self.form = MoveForm(data, run=run, initial=initial)
        self.sets = {"meetings": rows.MeetingRows(data, prefix="meetings", initial=_unless(data, present))}

    def schedule(self) -> plans.Schedule:
        names = ("starts_on", "ends_on", "zone", "closes_at", "cancel_until")
        return plans.Schedule(**{name: self.form.cleaned_data[name] for name in names}, meetings=self.planned or ())

    @classmethod
    def shifted(cls, typed: "MoveSheet") -> "MoveSheet":
        """The run's present plan, moved by as many days as the first day that was typed."""
        run = typed.run
        assert run is not None
        first = typed.form.cleaned_data.get("starts_on")
        facts, meetings = initial_of(run), rows.meetings_of(run)
        if first and run.starts_on:
            distance = timedelta(days=(first - run.starts_on).days)
            for name in ("starts_on", "ends_on", "closes_at", "cancel_until"):
                facts[name] = facts[name] and facts[name] + distance
            meetings = [{**row, "day": row["day"] + distance} for row in meetings]
        facts |= {"meetings": meetings, "reason": typed.form["reason"].value()}
        return cls(run=run, initial=facts)


def grown(data: QueryDict, kind: str) -> QueryDict:
    """What was typed, with room for one row more."""
    more = data.copy()
    name = f"{kind}-TOTAL_FORMS"
    count = more.get(name, "0")
    more[name] = str(int(count) + 1 if count.isascii() and count.isdigit() and len(count) < 4 else 1)
    return more


def _unless(data: QueryDict | None, initial: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    return list(initial) if data is None else None
