"""A proposal of who goes as it stands: what was told and answered, with what people have edited since."""

from dataclasses import dataclass
from functools import cached_property

from conferences.delegation_inputs import RULES
from conferences.models import DelegationEdit, DelegationProposal
from courses import allocation_words
from courses.allocation import inputs_from_json, result_from_json
from courses.allocation_standing import differences
from courses.allocation_telling import lines_of
from courses.allocation_types import Inputs, Outcome, Result


@dataclass(frozen=True)
class Standing:
    """The result with its edits, by the uids of applications."""

    inputs: Inputs
    result: Result
    edits: dict[str, DelegationEdit]
    """The last edit of each application whose outcome is another one by it."""

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        return {one.applicant: one for one in self.result.outcomes}

    @cached_property
    def placed(self) -> frozenset[str]:
        """Everybody who gets a place, edits counted."""
        given = {one.applicant for one in self.result.outcomes if one.run is not None}
        given |= {uid for uid, edit in self.edits.items() if edit.gives}
        return frozenset(given - {uid for uid, edit in self.edits.items() if not edit.gives})

    @cached_property
    def ranked(self) -> list[str]:
        """All applications, the best first: by points, equal ones by the draw."""
        return sorted(self.outcomes, key=lambda uid: (-self.outcomes[uid].points, self.outcomes[uid].draw, uid))

    @property
    def free(self) -> int:
        return self.inputs.seats[0].places - len(self.placed)

    def lines(self, uid: str, voice: allocation_words.Voice = allocation_words.APPLICANT) -> list[str]:
        """The reasons in whole sentences of the active language; of an edited outcome the coordinator's comes first."""
        edit = self.edits.get(uid)
        return lines_of(self.outcomes[uid], edit.reason if edit else "", voice=voice)


def standing(proposal: DelegationProposal) -> Standing:
    """Read what is stored, with the edits (one query)."""
    result = result_from_json(proposal.result)
    placed = {one.applicant for one in result.outcomes if one.run is not None}
    last = {edit.wish.uid: edit for edit in proposal.edits.select_related("wish", "actor").order_by("pk")}
    edits = {uid: edit for uid, edit in last.items() if edit.gives != (uid in placed)}
    return Standing(inputs_from_json(proposal.inputs), result, edits)


def verify() -> list[str]:
    """Work every stored proposal out again; what does not come out the same, one sentence each."""
    rows = DelegationProposal.objects.order_by("pk")
    stored = rows.iterator(chunk_size=20)
    return [fault for row in stored for fault in differences(f"proposal {row.uid}", row, RULES.get(row.version))]
