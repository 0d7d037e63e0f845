"""Letters about appeals: to the coordinators that there is one, to the applicant how it was answered."""

from dataclasses import replace
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import guest_links
from courses.letters import Words, page_link
from courses.models import Appeal, Enrolment, Signup
from courses.states import AppealState
from schools import outbox
from schools.models import Person
from schools.queries import holders_of
from schools.states import Role

KIND = "appeal"
NEW = Words(
    _("An appeal waits for your answer"),
    _("An applicant asks to look again at an allocation of places."),
    _("Look and answer"),
)
ANSWERS = {
    AppealState.UPHELD: Words(
        _("Your appeal is upheld"), _("We have looked again, and you have a place."), _("Open the application")
    ),
    AppealState.REFUSED: Words(
        _("Your appeal is answered"),
        _("We have looked again, and the decision stays. You keep your number on the waiting list."),
        _("Open the application"),
    ),
}


def tell_appeal(*, appeal_id: int) -> None:
    """Write to those who have the appeal now. The dedupe keys make each letter one, however often it is asked for."""
    row = (
        Appeal.objects.select_related("enrolment__person", "enrolment__signup", "enrolment__run__course")
        .filter(pk=appeal_id)
        .first()
    )
    if row is None:
        return
    if row.state == AppealState.OPEN:
        for person in holders_of(Role.HQ, on=timezone.localdate()):
            if person.pk != row.enrolment.person_id:
                _write(row, person, NEW, row.text)
    else:
        _write(row, row.enrolment.person, ANSWERS[AppealState(row.state)], row.answer)


def tell_untold() -> None:
    """Ask once more for the letters of appeals that a dead broker may have lost."""
    since = timezone.now() - timedelta(days=2)
    for pk in Appeal.objects.filter(Q(made_at__gte=since) | Q(answered_at__gte=since)).values_list("pk", flat=True):
        tell_appeal(appeal_id=pk)


def _write(row: Appeal, reader: Person, words: Words, note: str) -> None:
    about: Enrolment = row.enrolment
    with translation.override(reader.language):
        rows = [(gettext("Course"), str(about.run.course))]
        if reader.pk != about.person_id:
            rows.insert(0, (gettext("Applicant"), about.person.full_name))
    page = ("courses:appeal_answer", row.uid) if reader.pk != about.person_id else ("courses:enrolment", about.uid)
    if about.signup and reader.pk == about.person_id:
        _write_to_contact(row, about.signup, words, note)
        return
    outbox.enqueue(
        kind=KIND,
        dedupe_key=f"appeal:{row.pk}:{row.state}:{reader.pk}",
        language=reader.language,
        person=reader,
        about=row,
        context={
            "words": words,
            "rows": rows,
            "run": about.run,
            "note": note,
            "link": page_link(*page, language=reader.language),
        },
    )


def _write_to_contact(row: Appeal, signup: Signup, words: Words, note: str) -> None:
    """Of guests the contact hears, by the link of the sign-up; nobody once the consent was withdrawn."""
    if not signup.has_address or row.enrolment.person.archived_at:
        return
    with translation.override(signup.language):
        rows = [(gettext("Course"), str(row.enrolment.run.course)), (gettext("Who"), row.enrolment.person.full_name)]
    outbox.enqueue(
        kind=KIND,
        dedupe_key=f"appeal:{row.pk}:{row.state}:s{signup.pk}",
        language=signup.language,
        address=signup.email,
        about=signup,
        context={
            "words": replace(words, link=_("Your sign-up")),
            "rows": rows,
            "run": row.enrolment.run,
            "note": note,
            "link": guest_links.address(signup),
            "greeting_name": signup.name,
            "to_guests": True,
        },
    )
