"""At the same moment: one move, one version, one answer; the others hear that they were later."""

import pytest

from conferences import co_authors, presentation_moves, presentations
from conferences.models import Author, PresentationMove
from schools.errors import Refused, Stale
from schools.models import AuditEntry, Mail
from tests.conferences import rows
from tests.courses.at_once import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_coordinators_endorse_at_once_and_authors_hear_once(cast):
    row = rows.presentation(cast.librarian.person, state="proposed")
    deeds = [
        lambda actor=actor: presentation_moves.make(presentation=row, verb="endorse", actor=actor)
        for actor in (cast.hq.actor, cast.administrator.actor)
    ]
    errors = at_once(*deeds)
    assert [type(error) for error in errors] == [Stale]
    assert (PresentationMove.objects.count(), Mail.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)


def test_two_authors_save_at_once_and_no_text_is_lost_silently(cast):
    row = rows.presentation(cast.librarian.person, cast.colleague.person)
    facts = {name: getattr(row, name) for name in presentations.FACTS}
    seen = presentations.version(row)
    errors = at_once(
        *(
            lambda text=text, actor=actor: presentations.edit(
                presentation=row, facts=facts, text=text, seen=seen, actor=actor
            )
            for text, actor in (("Hers.", cast.librarian.actor), ("Theirs.", cast.colleague.actor))
        )
    )
    assert [type(error) for error in errors] == [Stale]
    assert list(row.abstracts.values_list("number", flat=True)) == [1, 2]


def test_two_authors_leave_at_once_and_one_stays(cast):
    row = rows.presentation(cast.librarian.person, cast.colleague.person)
    members = (cast.librarian, cast.colleague)
    errors = at_once(*(lambda actor=one.actor: co_authors.leave(presentation=row, actor=actor) for one in members))
    assert [type(error) for error in errors] == [Refused]
    assert Author.objects.filter(state="confirmed").count() == 1
