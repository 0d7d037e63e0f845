"""Letters about places for a conference, each in its reader's language: the outcome with its reason, and appeals."""

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conferences.delegation_standing import Standing
from conferences.delegation_states import WishState
from conferences.edition_words import dates_of, place_of
from conferences.models import Delegation, Edition, Wish, WishAppeal
from courses import allocation_words
from courses.letters import Words, page_link
from courses.states import AppealState
from schools import outbox
from schools.models import Person
from schools.queries import holders_of
from schools.states import Role

KIND = "place"
PLACE = Words(
    _("You have a place"),
    _("Places for this conference are given, and you have one. Ask for the trip next."),
    _("Open your application"),
)
NO_PLACE = Words(
    _("There is no place for you this time"),
    _("Places for this conference are given, and there were too few for all. You can appeal once."),
    _("Look at it, or appeal"),
)
LEFT = Words(
    _("There is no place for you this time"),
    _(
        "Places are for librarians who work at a school when the conference begins. By the dates of your roles you no "
        "longer do. If the dates are wrong, you can appeal once."
    ),
    _("Look at it, or appeal"),
)
APPEAL = Words(_("An appeal waits for an answer"), _("Somebody without a place asks to look again."), _("Answer it"))
UPHELD = Words(_("Your appeal is upheld: you have a place"), _("Ask for the trip next."), _("Open your application"))
REFUSED = Words(_("Your appeal is answered"), _("The decision stays as it is."), _("Open your application"))


def tell_outcome(delegation: Delegation, wish: Wish, stands: Standing) -> None:
    """Whether there is a place, why, and how the points came about."""
    outcome = stands.outcomes[wish.uid]
    with translation.override(wish.person.language):
        told = {
            "lines": stands.lines(wish.uid),
            "points": allocation_words.points(outcome.parts),
            "total": outcome.points,
        }
    words = PLACE if wish.state == WishState.PLACED else NO_PLACE
    _write("outcome", wish, delegation.edition, wish.person, words, told=told)


def tell_left(delegation: Delegation, wish: Wish) -> None:
    """That there was no place to give, since the work at the school ends before."""
    _write("outcome", wish, delegation.edition, wish.person, LEFT)


def tell_appeal(row: WishAppeal) -> None:
    """HQ hears of it, but nobody of their own appeal."""
    readers = [one for one in holders_of(Role.HQ, on=timezone.localdate()) if one.pk != row.wish.person_id]
    for reader in readers:
        _write("appeal", row.wish, row.wish.delegation.edition, reader, APPEAL, note=row.text)


def tell_answer(row: WishAppeal) -> None:
    words = UPHELD if row.state == AppealState.UPHELD else REFUSED
    _write("answer", row.wish, row.wish.delegation.edition, row.wish.person, words, note=row.answer)


def _write(occasion: str, wish: Wish, edition: Edition, reader: Person, words: Words, **more: object) -> None:
    with translation.override(reader.language):
        facts = [
            (gettext("Conference"), str(edition)),
            (gettext("Place"), place_of(edition)),
            (gettext("Dates"), dates_of(edition)),
        ]
        if reader.pk != wish.person_id:
            facts.append((gettext("Applicant"), wish.person.full_name))
    outbox.enqueue(
        kind=KIND,
        dedupe_key=f"place:{occasion}:{wish.pk}:{reader.pk}",
        language=reader.language,
        person=reader,
        about=wish,
        context={
            "words": words,
            "rows": [row for row in facts if row[1]],
            "edition": edition,
            "link": page_link("conferences:wish", wish.uid, language=reader.language),
            **more,
        },
    )
