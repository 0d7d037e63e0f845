"""Letters about a presentation, each in its reader's language. None names a reviewer, or authors to a blind one."""

from collections.abc import Iterable

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conferences.models import Author, Presentation, PresentationMove, Review
from conferences.states import AuthorState, PresentationVerb
from courses.letters import Words, page_link
from schools import outbox, wording
from schools.models import Person
from schools.queries import holders_of
from schools.states import Role

KIND = "presentation"
V = PresentationVerb
OPEN = _("Open the presentation")
TO_AUTHORS: dict[str, Words] = {
    V.RETURN: Words(
        _("Your proposal needs a change"), _("The coordinator asks you to change it, then to send it again."), OPEN
    ),
    V.ENDORSE: Words(_("Your proposal is endorsed"), _("You can submit it to the conference now."), OPEN),
    V.SUBMIT: Words(
        _("Your proposal is submitted"),
        _("It has been sent to the conference. Once the answer comes, note it in the portal."),
        OPEN,
    ),
    V.ACCEPT: Words(
        _("Your presentation is accepted"),
        _("The conference has accepted it. Congratulations! See the dates for the journey on its page."),
        OPEN,
    ),
    V.REJECT: Words(
        _("Your presentation was not accepted"),
        _("The conference has not taken it this time. The text and the reviews stay on its page."),
        OPEN,
    ),
    V.WITHDRAW: Words(_("Your proposal is withdrawn"), _("It is not pursued any more. It can be opened again."), OPEN),
    V.AWARD: Words(
        _("Your presentation has won an award"),
        _("Congratulations! The award stands on its page and in your record."),
        OPEN,
    ),
}
TO_COORDINATORS = Words(
    _("A proposal waits for review"),
    _("Colleagues propose a presentation. Ask for reviews, then endorse or return it."),
    OPEN,
)
ASKED = Words(
    _("You are named as an author"),
    _("A colleague names you as an author of this presentation. Please confirm, or leave."),
    _("Confirm or leave"),
)
LEFT = Words(
    _("An author has left your presentation"), _("A colleague takes part no more; the text stays as it is."), OPEN
)
REVIEW = Words(
    _("You are asked for a review"),
    _("The coordinator asks you to review this proposal: four marks and a few sentences."),
    _("Write the review"),
)
WRITTEN = Words(_("A review is written"), _("Look at it, and endorse or return the proposal."), OPEN)


def tell_move(row: Presentation, move: PresentationMove) -> None:
    """The authors hear of a move that others made; coordinators hear of a proposal."""
    if words := TO_AUTHORS.get(move.verb):
        authors = [author.person for author in row.authors.all() if author.state == AuthorState.CONFIRMED]
        readers = [person for person in authors if person.pk != move.actor_id]
        _write(f"presentation-move:{move.pk}", row, readers, words, note=move.note)
    elif move.verb == V.PROPOSE:
        own = {author.person_id for author in row.authors.all()}
        readers = [person for person in holders_of(Role.HQ, on=timezone.localdate()) if person.pk not in own]
        _write(f"presentation-move:{move.pk}", row, readers, TO_COORDINATORS)


def ask_author(row: Presentation, author: Author) -> None:
    _write(f"author-ask:{author.pk}:{author.order}", row, [author.person], ASKED)


def tell_left(row: Presentation, author: Author, others: Iterable[Author]) -> None:
    key = f"author-left:{author.pk}:{author.order}"
    _write(key, row, [one.person for one in others], LEFT, note=author.person.full_name)


def ask_reviewer(row: Presentation, review: Review) -> None:
    """The reviewer reads title, conference and date, and nothing of who wrote it."""
    reader = review.reviewer
    with translation.override(reader.language):
        rows = [*_facts(row), (gettext("Due"), wording.long_date(review.due_on))]
    link = page_link("conferences:review", review.uid, language=reader.language)
    _enqueue(f"review-ask:{review.pk}:{review.asked_at:%Y%m%d%H%M%S}", row, reader, REVIEW, rows, link)


def tell_written(review: Review) -> None:
    row = review.presentation
    readers = [person for person in holders_of(Role.HQ, on=timezone.localdate()) if person.pk != review.reviewer_id]
    own = set(row.authors.values_list("person_id", flat=True))
    _write(f"review-written:{review.pk}", row, [person for person in readers if person.pk not in own], WRITTEN)


def _facts(row: Presentation) -> list[tuple[str, str]]:
    """In the active language."""
    return [
        (gettext("Title"), row.title),
        (gettext("Conference"), str(row.edition)),
        (gettext("Format"), str(row.get_format_display())),
    ]


def _write(key: str, row: Presentation, readers: Iterable[Person], words: Words, *, note: str = "") -> None:
    for reader in readers:
        with translation.override(reader.language):
            rows = _facts(row)
        link = page_link("conferences:presentation", row.uid, language=reader.language)
        _enqueue(f"{key}:{reader.pk}", row, reader, words, rows, link, note)


def _enqueue(
    key: str, row: Presentation, reader: Person, words: Words, rows: list[tuple[str, str]], link: str, note: str = ""
) -> None:
    outbox.enqueue(
        kind=KIND,
        dedupe_key=key,
        language=reader.language,
        person=reader,
        about=row,
        context={"words": words, "rows": rows, "note": note, "link": link, "presentation": row},
    )
