"""Rows for the pages of allocations: an intake that gathers, a proposal, one that is published, an appeal."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from courses import allocating, allocation_standing, appealing, guest_links, publishing, sharing_rules
from courses.models import Allocation, AllocationOutcome, AllocationRules, Appeal, Enrolment, Intake, Signup
from tests import make
from tests.courses import guests, intakes

if TYPE_CHECKING:
    from tests.cast import Cast


def shared_seminar(cast: "Cast", *, places: int = 1, many: int = 2) -> Signup:
    """So many guests of one contact asked for a seminar whose one place was allocated."""
    intakes.rules()
    intake = Intake.objects.create(by_allocation=True)
    run = guests.run(capacity=places, intake=intake, closes_at=timezone.now() + timedelta(hours=1))
    signup = guests.confirmed(run, many)
    publishing.publish(allocation=intakes.propose(intake, cast.hq.actor), actor=cast.hq.actor)
    return Signup.objects.select_related("run__course").get(pk=signup.pk)


class AllocationWorld:
    cast: "Cast"

    @cached_property
    def gathering(self) -> Enrolment:
        """The librarian's dearest of two wishes, while applications are gathered."""
        first, second, _third = intakes.runs(2, 2, 1)
        return intakes.apply(self.cast.librarian.person, first, second)[0]

    @cached_property
    def other_version(self) -> AllocationRules:
        """A second version that counts nothing but the hours missing."""
        first = intakes.rules()
        rules = AllocationRules(need=100, gap=0, share=0, kept=0, target_hours=80, gap_months=36, note="Сағат қана")
        assert first.version == 1
        return sharing_rules.add(rules=rules, actor=self.cast.hq.actor)

    @cached_property
    def proposal(self) -> Allocation:
        """Five ask for two places of parallel runs; one is edited."""
        assert self.other_version.version == 2
        first, second = intakes.runs(1, 1)
        people = [self.cast.librarian.person, self.cast.stranger.person, *make.librarians(self.cast.other_school, 3)]
        intakes.pool(people, first, second)
        made = intakes.propose(first.intake, self.cast.hq.actor)
        winner = Enrolment.objects.get(uid=allocation_standing.standing(made).ranked[0])
        edit = {"run": None, "reason": "Өтінішін қайтарып алуды сұрады"}
        allocating.edit(allocation=made, enrolment=winner, actor=self.cast.hq.actor, **edit)
        return made

    @property
    def proposed_allocation(self) -> dict[str, object]:
        return {"uid": self.proposal.uid}

    @property
    def proposed_applicant(self) -> dict[str, object]:
        ranked = allocation_standing.standing(self.proposal).ranked
        return {"uid": self.proposal.uid, "applicant": ranked[1]}

    @cached_property
    def published(self) -> Allocation:
        """The librarian is without a place, by an edit; a stranger has it."""
        intakes.rules()
        (run,) = intakes.runs(1)
        intakes.pool([self.cast.librarian.person, self.cast.stranger.person], run)
        made = intakes.propose(run.intake, self.cast.hq.actor)
        mine = {row.person_id: row for row in run.enrolments.all()}
        for person, to in ((self.cast.librarian.person, None), (self.cast.stranger.person, run)):
            if allocation_standing.standing(made).places.get(mine[person.pk].uid) != (to and to.uid):
                edit = {"run": to, "reason": "Бірінші рет қатысады"}
                allocating.edit(allocation=made, enrolment=mine[person.pk], actor=self.cast.hq.actor, **edit)
        return publishing.publish(allocation=made, actor=self.cast.hq.actor)

    @cached_property
    def guest_without_place(self) -> dict[str, object]:
        """The link of somebody who signed up and got no place, and the application."""
        signup = shared_seminar(self.cast)
        return {"token": guest_links.token(signup), "uid": signup.enrolments.get(state="waiting").uid}

    @cached_property
    def without_place(self) -> Enrolment:
        """The librarian's application after it."""
        return Enrolment.objects.get(run__intake=self.published.intake, person=self.cast.librarian.person)

    @cached_property
    def appeal(self) -> Appeal:
        """The librarian's appeal, open."""
        outcome = AllocationOutcome.objects.get(allocation=self.published, enrolment=self.without_place)
        return appealing.appeal(
            outcome=outcome, text="Былтырғы курсым есепке алынбаған", actor=self.cast.librarian.actor
        )
