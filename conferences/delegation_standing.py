"""A proposal of who goes as it stands: what was told and answered, with what people have edited since."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from conferences.delegation_inputs import RULES
from conferences.models import DelegationEdit, DelegationProposal
from courses import allocation_words
from courses.allocation import allocate, inputs_from_json, result_from_json, result_to_json
from courses.allocation_standing import digest
from courses.allocation_types import Inputs, Outcome, Result


@dataclass(frozen=True)
class Standing:
    """The result with its edits, by the uids of applications."""

    inputs: Inputs
    result: Result
    edits: dict[str, DelegationEdit]
    """The last edit of each application that was edited."""

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
        reasons = [allocation_words.reason(one, voice=voice) for one in self.outcomes[uid].reasons]
        edit = self.edits.get(uid)
        if edit is None:
            return reasons
        return [
            _("A coordinator has decided otherwise than the points. The reason: %(reason)s") % {"reason": edit.reason},
            _("By the points alone it would be:"),
            *reasons,
        ]


def standing(proposal: DelegationProposal) -> Standing:
    """Read what is stored, with the edits (one query)."""
    edits = proposal.edits.select_related("wish", "actor").order_by("pk")
    return Standing(
        inputs_from_json(proposal.inputs), result_from_json(proposal.result), {edit.wish.uid: edit for edit in edits}
    )


def verify() -> list[str]:
    """Work every stored proposal out again; what does not come out the same, one sentence each."""
    rows = DelegationProposal.objects.order_by("pk")
    return [fault for row in rows.iterator(chunk_size=20) for fault in _faults(row)]


def _faults(row: DelegationProposal) -> list[str]:
    inputs, faults = inputs_from_json(row.inputs), []
    if digest(row.inputs, row.version, row.seed) != row.digest:
        faults.append(f"proposal {row.uid}: the digest does not fit inputs, version and seed")
    if (inputs.rules, inputs.seed) != (RULES.get(row.version), row.seed):
        faults.append(f"proposal {row.uid}: the inputs name other rules or another seed")
    if result_to_json(allocate(inputs)) != row.result:
        faults.append(f"proposal {row.uid}: the result is another one")
    return faults
