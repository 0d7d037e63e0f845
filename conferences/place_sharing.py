"""Sharing the places of a conference: propose, edit with a reason, publish with a letter to everybody."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conferences import delegation_access as access
from conferences import place_letters
from conferences.delegation_inputs import CURRENT, gather
from conferences.delegation_queries import awaiting, locked
from conferences.delegation_standing import Standing, standing
from conferences.delegation_states import Stage, WishState
from conferences.models import Delegation, DelegationCredit, DelegationEdit, DelegationProposal, Wish
from courses.allocation import allocate, credits_of, inputs_to_json, result_to_json
from courses.allocation_standing import digest
from courses.allocation_types import Inputs
from courses.states import AllocationState
from schools import audit
from schools.access import Actor
from schools.errors import Refused, Stale
from schools.models import School

SEED_BYTES = 16


@transaction.atomic
def propose(*, delegation: Delegation, actor: Actor) -> DelegationProposal:
    """Work out who would go, and keep it as the proposal; an earlier proposal is dropped.

    The seed is drawn once for a conference: nobody draws again until the draw suits. Raises Refused for others,
    before the last day is over, and if nobody has applied; Stale once the places are given.
    """
    delegation = _locked(delegation, actor)
    inputs = gather(delegation, seed=_seed_of(delegation), today=timezone.localdate())
    if not inputs.applicants:
        raise Refused(_("Nobody has applied."))
    delegation.proposals.filter(state=AllocationState.DRAFT).update(state=AllocationState.DROPPED)
    told = inputs_to_json(inputs)
    row = DelegationProposal.objects.create(
        delegation=delegation,
        version=CURRENT,
        seed=inputs.seed,
        inputs=told,
        result=result_to_json(allocate(inputs)),
        digest=digest(told, CURRENT, inputs.seed),
        made_by_id=actor.person_id,
    )
    changes = {"version": (None, row.version), "digest": (None, row.digest)}
    audit.record(actor=actor, verb="delegation.propose", subject=delegation, changes=changes)
    return row


@transaction.atomic
def drop(*, delegation: Delegation, actor: Actor) -> None:
    """Forget the proposal and its changes, so that the committee may give scores again. Raises as `edit` does."""
    delegation = _locked(delegation, actor)
    row = draft_of(delegation)
    row.state = AllocationState.DROPPED
    row.save(update_fields=["state"])
    changes = {"digest": (row.digest, None)}
    audit.record(actor=actor, verb="delegation.drop", subject=delegation, changes=changes)


@transaction.atomic
def edit(*, delegation: Delegation, wish: Wish, gives: bool, reason: str, actor: Actor) -> DelegationEdit:
    """Give one applicant a place in the proposal, or none. The applicant reads the reason.

    The most from one school may be passed over, the number of places never. Raises Refused without a reason or a
    free place, Stale without a proposal.
    """
    delegation = _locked(delegation, actor)
    if actor.person_id == wish.person_id:
        raise Refused(_("Nobody gives a place to themselves."))
    if not reason.strip():
        raise Refused(_("Write a word of reason: the applicant will read it."))
    proposal = draft_of(delegation)
    now_stands = standing(proposal)
    if wish.uid not in now_stands.outcomes:
        raise Stale(_changed())
    if gives == (wish.uid in now_stands.placed):
        raise Refused(_("That is what the proposal says already."))
    if gives and now_stands.free < 1:
        raise Refused(_("All places are given in the proposal. Take somebody out of it first."))
    row = DelegationEdit.objects.create(
        proposal=proposal, wish=wish, gives=gives, reason=reason.strip(), actor_id=actor.person_id
    )
    changes = {"place": (not gives, gives)}
    audit.record(
        actor=actor, verb="delegation.edit", subject=wish, changes=changes, note=row.reason, person=wish.person
    )
    return row


@transaction.atomic
def publish(*, delegation: Delegation, actor: Actor) -> None:
    """Give the places of the proposal, write down the schools' credit, and tell everybody with the reason.

    Raises Stale without a proposal, or if applications, scores or the number of places changed since it was made.
    """
    delegation = _locked(delegation, actor)
    proposal = draft_of(delegation)
    stands, now = standing(proposal), timezone.now()
    present = gather(delegation, seed=proposal.seed, today=timezone.localdate(now))
    if _decisive(present) != _decisive(stands.inputs):
        raise Stale(_("Applications, scores or places changed after the proposal was made. Make a new one."))
    delegation.published_at = now
    delegation.save(update_fields=["published_at"])
    proposal.state = AllocationState.PUBLISHED
    proposal.save(update_fields=["state"])
    rows = list(awaiting(delegation, today=timezone.localdate(now)).select_related("person"))
    for row in rows:
        row.state = WishState.PLACED if row.uid in stands.placed else WishState.UNPLACED
    Wish.objects.bulk_update(rows, ["state"], batch_size=500)
    _tell_those_who_left(delegation, actor)
    _write_credits(delegation, stands)
    changes = {"places": (None, len(stands.placed)), "digest": (None, proposal.digest)}
    audit.record(actor=actor, verb="delegation.publish", subject=delegation, changes=changes)
    told = [audit.Deed(row, {"state": ("open", str(row.state))}, "", row.school_id, row.person) for row in rows]
    audit.record_many(actor=actor, verb="wish.decide", deeds=told)
    for row in rows:
        place_letters.tell_outcome(delegation, row, stands)


def _tell_those_who_left(delegation: Delegation, actor: Actor) -> None:
    """Applications that are still open are of people who are no librarians any more when the conference begins."""
    rows = list(delegation.wishes.filter(state=WishState.OPEN).select_related("person"))
    delegation.wishes.filter(state=WishState.OPEN).update(state=WishState.UNPLACED)
    left = [audit.Deed(row, {"state": ("open", "unplaced")}, "", row.school_id, row.person) for row in rows]
    audit.record_many(actor=actor, verb="wish.decide", deeds=left)
    for row in rows:
        if row.person.archived_at is None:
            place_letters.tell_left(delegation, row)


def draft_of(delegation: Delegation) -> DelegationProposal:
    """The proposal. Raises Stale if there is none."""
    row = delegation.proposals.filter(state=AllocationState.DRAFT).first()
    if row is None:
        raise Stale(_changed())
    return row


def _decisive(inputs: Inputs) -> tuple[object, ...]:
    """What people can change between a proposal and its publishing."""
    return (inputs.seats, frozenset((one.key, one.school, one.committee) for one in inputs.applicants))


def _seed_of(delegation: Delegation) -> str:
    first = delegation.proposals.order_by("pk").values_list("seed", flat=True).first()
    return first or secrets.token_hex(SEED_BYTES)


def _write_credits(delegation: Delegation, stands: Standing) -> None:
    """By the places that were decided, edits counted."""
    run = stands.inputs.seats[0].key
    changes = credits_of(stands.inputs.applicants, dict.fromkeys(stands.placed, run))
    keys = dict(School.objects.filter(uid__in=changes).values_list("uid", "pk"))
    DelegationCredit.objects.bulk_create(
        DelegationCredit(school_id=keys[uid], delegation=delegation, change=change) for uid, change in changes.items()
    )


def _locked(delegation: Delegation, actor: Actor) -> Delegation:
    if not access.may_set_places(actor):
        raise Refused(_("Only coordinators open places for a conference."))
    row = locked(delegation.pk)
    stage = row.stage(timezone.localdate())
    if stage == Stage.OPEN:
        raise Refused(_("Applications are still coming in. Places are shared after the last day."))
    if stage == Stage.PUBLISHED:
        raise Stale(_("The places are given already; nothing can be changed here."))
    return row


def _changed() -> str:
    return _("This has changed in the meantime. Look at its present status and try again.")
