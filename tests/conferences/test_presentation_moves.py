"""Which moves a presentation may make: every state, move and part that is not in the table is refused."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone

from conferences import presentation_access, presentation_moves
from conferences.models import Presentation, PresentationMove
from conferences.states import PRESENTATION_MOVES, Part, PresentationState
from schools.errors import Refused, Stale
from schools.models import AuditEntry, Mail
from tests.conferences import rows

pytestmark = pytest.mark.django_db
P = PresentationState
EVERY = list(product(P, PRESENTATION_MOVES, Part))
LEGAL = {
    (state, verb, part) for verb, move in PRESENTATION_MOVES.items() for state in move.sources for part in move.who
}


def begun_edition():
    start = timezone.localdate() - timedelta(days=1)
    return rows.edition(year=start.year, starts_on=start, ends_on=start + timedelta(days=3))


def standing_at(state, cast):
    """Of the librarian, reviewed by the trainer, at a conference that is under way."""
    row = rows.presentation(
        cast.librarian.person,
        school=cast.school,
        state=state,
        award="Best poster" if state == P.AWARDED else "",
        edition=begun_edition(),
    )
    rows.written(row, cast.trainer.person)
    return row


def actor_of(part, cast):
    return {
        Part.AUTHOR: cast.librarian,
        Part.COORDINATOR: cast.hq,
        Part.REVIEWER: cast.trainer,
        Part.STRANGER: cast.stranger,
    }[part].actor


def make(row, verb, actor, **given):
    presentation_moves.make(presentation=row, verb=verb, actor=actor, **{"note": "Why.", "award": "Prize", **given})


@pytest.mark.parametrize("state", P)
def test_every_state_move_and_part(state, cast):
    """Each is tried on the same rows, and taken back."""
    row = standing_at(state, cast)
    for verb, part in product(PRESENTATION_MOVES, Part):
        with transaction.atomic():
            try_one(row, verb, actor_of(part, cast), legal=(state, verb, part) in LEGAL)
            transaction.set_rollback(True)


def try_one(row, verb, actor, *, legal):
    state = row.state
    assert presentation_access.may_move(actor, Presentation.objects.get(pk=row.pk), verb) is legal
    if legal:
        make(row, verb, actor)
        assert Presentation.objects.get().state == PRESENTATION_MOVES[verb].target
        assert AuditEntry.objects.filter(verb=f"presentation.{verb}", subject_id=row.pk).count() == 1
        assert PresentationMove.objects.get(presentation=row).verb == verb
        return
    with pytest.raises(Refused):
        make(row, verb, actor)
    assert Presentation.objects.get().state == state
    assert [kind.objects.count() for kind in (PresentationMove, AuditEntry, Mail)] == [0, 0, 0]


def test_the_table_knows_some_of_both():
    assert (len(EVERY), len(LEGAL)) == (11 * 14 * 4, 36)


def test_a_coordinator_decides_nothing_on_a_presentation_of_her_own(cast):
    row = rows.presentation(cast.librarian.person, cast.hq.person, state=P.PROPOSED)
    for verb in ("endorse", "return"):
        with pytest.raises(Refused):
            make(row, verb, cast.hq.actor)
    make(row, "endorse", cast.administrator.actor)


def test_who_was_asked_and_has_not_confirmed_moves_nothing(cast):
    row = rows.presentation(cast.librarian.person)
    rows.author(row, cast.colleague.person, state="invited")
    with pytest.raises(Refused):
        make(row, "propose", cast.colleague.actor)
    rows.Author.objects.filter(person=cast.colleague.person).update(state="left")
    with pytest.raises(Refused):
        make(row, "propose", cast.colleague.actor)
    make(row, "propose", cast.librarian.actor)


def test_gates_beside_state_and_person(cast):
    edition = rows.edition(year=timezone.localdate().year + 1)
    row = rows.presentation(cast.librarian.person, state=P.PROPOSED, edition=edition)
    review = rows.review(row, cast.trainer.person)
    with pytest.raises(Refused):
        make(row, "endorse", cast.hq.actor)  # a review is awaited
    with pytest.raises(Refused):
        make(row, "return", cast.hq.actor, note="  ")  # without a word what to change
    review.delete()
    make(row, "endorse", cast.hq.actor)
    invited = rows.author(row, cast.colleague.person, state="invited")
    with pytest.raises(Refused):
        make(row, "submit", cast.librarian.actor)
    invited.delete()
    make(row, "submit", cast.librarian.actor)
    make(row, "accept", cast.librarian.actor)
    with pytest.raises(Refused):
        make(row, "present", cast.librarian.actor)  # before the first day
    row.edition.starts_on, row.edition.ends_on = timezone.localdate(), timezone.localdate()
    row.edition.save()
    make(row, "present", cast.librarian.actor)
    with pytest.raises(Refused):
        make(row, "award", cast.hq.actor, award=" ")
    make(row, "award", cast.hq.actor, award="Best poster")
    assert Presentation.objects.get().award == "Best poster"
    make(row, "undo_later", cast.hq.actor)
    assert (Presentation.objects.get().award, Presentation.objects.get().state) == ("", P.PRESENTED)


def test_nothing_is_proposed_to_a_conference_that_is_over(cast):
    row = rows.presentation(cast.librarian.person, edition=rows.edition(year=2020, state="held"))
    with pytest.raises(Refused):
        make(row, "propose", cast.librarian.actor)


def test_a_returned_or_withdrawn_proposal_waits_for_no_review(cast):
    row = rows.presentation(cast.librarian.person, state=P.PROPOSED)
    review = rows.review(row, cast.trainer.person)
    make(row, "return", cast.hq.actor)
    review.refresh_from_db()
    assert review.state == "lifted"


def test_the_same_move_twice_is_told_once(cast):
    row = rows.presentation(cast.librarian.person, cast.colleague.person, state=P.PROPOSED)
    make(row, "endorse", cast.hq.actor)
    with pytest.raises(Stale):
        make(row, "endorse", cast.administrator.actor)
    assert sorted(Mail.objects.values_list("address", flat=True)) == ["colleague@example.kz", "librarian@example.kz"]


def test_letters_speak_the_readers_language_and_coordinators_hear_of_a_proposal(cast):
    person = cast.hq.person
    person.language = "ru"
    person.save()
    row = rows.presentation(cast.librarian.person, title="Reading aloud")
    make(row, "propose", cast.librarian.actor)
    mail = Mail.objects.get()
    assert (mail.address, mail.subject) == ("hq@example.kz", "Заявка ждёт рецензии: Reading aloud")


def test_an_unknown_move_is_the_programmers_mistake(cast):
    with pytest.raises(ValueError, match="no move"):
        make(rows.presentation(cast.librarian.person), "dance", cast.librarian.actor)
