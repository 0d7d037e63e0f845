"""Letters about a place that is handed to a colleague. That it has passed, the letters about the applications say."""

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.letters import Words, course_facts, page_link
from courses.models import HandOver
from courses.states import EnrolmentState, HandOverState
from schools import outbox, wording
from schools.models import Person

KIND = "hand_over"
H = HandOverState
LOOK = _("Look at it")
TO_COLLEAGUE = {
    H.ASKED: Words(
        _("A colleague hands you a place"),
        _("A colleague of your school cannot come to this course and asks you to come instead."),
        _("Take the place, or leave it"),
        _("Until you have answered the place stays with your colleague, and nobody else gets it."),
    ),
    H.TAKEN_BACK: Words(
        _("Your colleague keeps the place"),
        _("The colleague who wanted to hand you a place has taken that back. There is nothing left for you to do."),
        LOOK,
    ),
    H.LAPSED: Words(
        _("The time to take over the place has ended"),
        _("The place stays with your colleague. You can still apply in the usual way while registration is open."),
        LOOK,
    ),
    H.FALLEN: Words(
        _("The place can no longer be handed over"),
        _("Something has changed: the course, the place of your colleague, or what you have in this course yourself."),
        LOOK,
    ),
}
TO_GIVER = {
    H.AGREED: Words(
        _("Your colleague agrees to come instead"),
        _("Now those decide who approve of applications for this course. Until then the place is yours."),
        LOOK,
    ),
    H.REFUSED: Words(
        _("Your colleague does not take the place"),
        _("The place stays with you. You can ask somebody else, or withdraw until the deadline."),
        _("Open the application"),
    ),
    H.DECLINED: Words(
        _("The hand-over of your place was not approved"),
        _("The place stays with you. You can ask somebody else, or withdraw until the deadline."),
        _("Open the application"),
    ),
    H.LAPSED: Words(
        _("The time to hand over your place has ended"),
        _("Nobody has taken it over in time, so the place stays with you."),
        _("Open the application"),
    ),
    H.FALLEN: Words(
        _("Your place can no longer be handed to this colleague"),
        _("Something has changed: the course, the school of one of you, or what your colleague has in this course."),
        _("Open the application"),
    ),
}


def tell(row: HandOver) -> None:
    """Owe the letters about the state that was reached just now; inside the transaction that brought it there."""
    giver = row.enrolment.person
    if row.state in TO_GIVER and row.enrolment.state == EnrolmentState.CONFIRMED:
        page = (
            ("courses:hand_over_page", row.uid) if row.state == H.AGREED else ("courses:enrolment", row.enrolment.uid)
        )
        _write(row, giver, TO_GIVER[H(row.state)], note=row.answer, page=page)
    called_off = row.taker is not None and row.taker.state == EnrolmentState.CANCELLED  # has a letter of its own
    if row.state in TO_COLLEAGUE and not called_off:
        note = row.reason if row.state == H.ASKED else ""
        _write(row, row.to, TO_COLLEAGUE[H(row.state)], note=note, page=("courses:hand_over_page", row.uid))


def _write(row: HandOver, reader: Person, words: Words, *, note: str, page: tuple[str, str]) -> None:
    if reader.archived_at is not None:
        return
    with translation.override(reader.language):
        facts = course_facts(row.run)
        other = row.to if reader.pk != row.to_id else row.enrolment.person
        facts.append((gettext("Colleague"), other.full_name))
        if row.state == H.ASKED:
            facts.append((gettext("Answer by"), wording.moment(row.until, row.run.zone)))
    outbox.enqueue(
        kind=KIND,
        dedupe_key=f"hand_over:{row.pk}:{row.state}:{reader.pk}",
        language=reader.language,
        person=reader,
        about=row,
        context={
            "words": words,
            "rows": facts,
            "run": row.run,
            "note": note,
            "link": page_link(*page, language=reader.language),
        },
    )
