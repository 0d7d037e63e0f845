"""Letters about an enrolment. A move is told once: to the applicant, and to those who now have it."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import calendars, completing, fair_time, hand_over_queries, offers
from courses.models import Enrolment, EnrolmentMove, Run
from courses.states import EnrolmentState, Verb
from schools import outbox, wording
from schools.models import Person
from schools.queries import heads_of, holders_of
from schools.states import Role

KIND = "enrolment"
ALLOCATED = "allocation"
"""The letter about an allocation: whatever happens afterwards, it says why."""
RESULTS = (Verb.COMPLETE, Verb.FAIL, Verb.REOPEN)
SWEEP_BATCH = 500
OF_STAFF = Q(enrolment__signup=None)
"""Of guests' moves the contact hears: `guest_letters`."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: subject, opening sentence, label of its one link, and below the facts what can be done."""

    subject: object
    sentence: object
    link: object = _("Open the application")
    advice: object = ""


TO_APPLICANT: dict[str, Words] = {
    EnrolmentState.NOMINATED: Words(
        _("You have been nominated for a course"),
        _("A colleague proposes you for this course. Please accept or refuse the nomination."),
        _("Accept or refuse"),
    ),
    EnrolmentState.PENDING: Words(
        _("Your application has been sent for approval"),
        _("We have your application. You will get a letter as soon as it is decided."),
    ),
    EnrolmentState.RETURNED: Words(
        _("Your application needs a change"),
        _("The approver asks you to change your application and to send it again."),
        _("Change the application"),
    ),
    EnrolmentState.WAITING: Words(
        _("You are on the waiting list"),
        _("All places are taken. If one becomes free, it is yours in order of the list, and we write to you."),
    ),
    EnrolmentState.POOLED: Words(
        _("Your application waits for the allocation"),
        _("Places are shared out after the application deadline, by rules that are open to all. Then we write to you."),
    ),
    EnrolmentState.OFFERED: Words(
        _("A place is offered to you"),
        _("A place has become free, and you are the next in line. It is kept for you until the time below."),
        _("Take the place, or leave it"),
    ),
    EnrolmentState.EXPIRED: Words(
        _("The offered place has gone to the next in line"),
        _("We had no answer in time. While registration is open you can apply again, at the end of the list."),
        _("Open the application"),
    ),
    EnrolmentState.CONFIRMED: Words(
        _("Your place is confirmed"),
        _("You have a place on this course. The calendar entry is attached."),
    ),
    EnrolmentState.DECLINED: Words(
        _("Your application was declined"),
        _("The approver has declined your application."),
    ),
    EnrolmentState.WITHDRAWN: Words(
        _("Your application is withdrawn"),
        _("You no longer have a place or an application for this course."),
    ),
}
GIVEN_UP_LATE = Words(
    _("Your place is given up"),
    _("You gave it up after the withdrawal deadline. This is recorded, and counts when places are allocated."),
)
HANDED_OVER = Words(
    _("Your place has gone to your colleague"),
    _("Your colleague comes instead of you. This counts neither as a late withdrawal nor as absence."),
)
NOT_COMPLETED = Words(
    _("Your result in the course"),
    _("The results of this course are decided. For you it does not count as completed: see below what was missing."),
    _("Look at hours and result"),
    _("If you see a mistake here, or would like to take part once more, write to those who organise the course."),
)
BY_VERB: dict[str, Words] = {Verb.LATE: GIVEN_UP_LATE, Verb.HAND_OVER: HANDED_OVER}
TO_APPROVER = Words(
    _("An application waits for your decision"),
    _("A colleague has applied for this course, and the decision is yours."),
    _("Look and decide"),
)
TO_NOMINATOR: dict[str, Words] = {
    Verb.ACCEPT: Words(_("The nomination was accepted"), _("The colleague whom you nominated has accepted.")),
    Verb.REFUSE: Words(_("The nomination was refused"), _("The colleague whom you nominated has refused.")),
}


def tell_move(*, move_id: int) -> None:
    """Put the letters about one move into the outbox; a move that was told or has gone is left alone."""
    with transaction.atomic():
        move = (
            EnrolmentMove.objects.select_for_update(no_key=True, of=("self",))
            .select_related("enrolment__person", "enrolment__nominated_by", "enrolment__school")
            .select_related("enrolment__run__course", "enrolment__run__host", "enrolment__run__contact")
            .filter(OF_STAFF, pk=move_id, told_at=None)
            .first()
        )
        if move is None:
            return
        now = timezone.now()
        if move.verb == Verb.OFFER:
            offers.start_clock([move.enrolment], now=now)
        _tell(move)
        move.told_at = now
        move.save(update_fields=["told_at"])


def tell_untold() -> int:
    """Tell moves that no worker told, the oldest first; returns how many there were."""
    rows = list(
        EnrolmentMove.objects.filter(OF_STAFF, told_at=None).order_by("id").values_list("pk", flat=True)[:SWEEP_BATCH]
    )
    for pk in rows:
        tell_move(move_id=pk)
    return len(rows)


def _tell(move: EnrolmentMove) -> None:
    enrolment = move.enrolment
    if move.verb == Verb.CANCEL:
        return  # the whole run was called off: its own letter says so
    if move.verb == Verb.OFFER and enrolment.state != EnrolmentState.OFFERED:
        return  # taken, left or lost before this was written: what followed has a letter of its own
    if move.verb in RESULTS:
        _tell_result(move)
        return
    outbox.supersede(about=enrolment, but=[ALLOCATED])
    words = BY_VERB.get(move.verb) or TO_APPLICANT.get(move.state)
    own_deed = move.verb == Verb.REFUSE or (move.verb == Verb.APPROVE and move.state == EnrolmentState.PENDING)
    if words and not own_deed:
        _write(move, enrolment.person, words)
    if move.state == EnrolmentState.PENDING:
        for person in deciders(enrolment):
            _write(move, person, TO_APPROVER)
    if move.verb in TO_NOMINATOR and enrolment.nominated_by:
        _write(move, enrolment.nominated_by, TO_NOMINATOR[move.verb])


def tell_new_deciders(enrolment: Enrolment) -> None:
    """An application waits for somebody else than before: what was not sent yet is not sent, and they are asked."""
    outbox.supersede(about=enrolment, but=[ALLOCATED])
    if move := enrolment.moves.select_related("enrolment").order_by("-id").first():
        move.enrolment = enrolment
        for person in deciders(enrolment):
            _write(move, person, TO_APPROVER)


def _tell_result(move: EnrolmentMove) -> None:
    """Say it to those who did not complete; whoever did hears with the certificate.

    An opened result takes back what was not sent yet. The place is an old one, and the next result is told
    when it is decided. A move that another has followed already is not told at all.
    """
    enrolment = move.enrolment
    outbox.supersede(about=enrolment, kinds=[KIND])
    if move.verb == Verb.FAIL and not enrolment.moves.filter(pk__gt=move.pk).exists():
        _write(move, enrolment.person, NOT_COMPLETED)


def deciders(enrolment: Enrolment) -> list[Person]:
    """Who may decide the enrolment's present step today, without the applicant."""
    today = timezone.localdate()
    if enrolment.decider == Role.DIRECTOR and enrolment.school:
        people = heads_of(enrolment.school, on=today)
    else:
        people = holders_of(Role.HQ, on=today)
    return [person for person in people if person.pk != enrolment.person_id]


def _write(move: EnrolmentMove, reader: Person, words: Words) -> None:
    enrolment = move.enrolment
    to_applicant = reader.pk == enrolment.person_id
    calendar, method = b"", "REQUEST"
    if to_applicant and move.state == EnrolmentState.CONFIRMED:
        calendar = calendars.entry(enrolment.run, language=reader.language)
    elif to_applicant and move.state == EnrolmentState.WITHDRAWN:
        calendar, method = calendars.entry(enrolment.run, language=reader.language, cancelled=True), "CANCEL"
    outbox.enqueue(
        kind=KIND,
        dedupe_key=f"move:{move.pk}:{reader.pk}",
        language=reader.language,
        person=reader,
        about=enrolment,
        calendar=calendar,
        calendar_method=method,
        context={
            "words": words,
            "rows": _facts(move, reader),
            "enrolment": enrolment,
            "run": enrolment.run,
            "note": "" if move.verb == Verb.FAIL else move.note,
            "link": page_link("courses:enrolment", enrolment.uid, language=reader.language),
        },
    )


def _facts(move: EnrolmentMove, reader: Person) -> list[tuple[str, str]]:
    enrolment = move.enrolment
    with translation.override(reader.language):
        rows = course_facts(enrolment.run)
        if move.verb == Verb.FAIL:
            rows += _missing(move)
        if move.state == EnrolmentState.NOMINATED and enrolment.of_held:
            until = enrolment.run.kept_until and wording.moment(enrolment.run.kept_until, enrolment.run.zone)
            rows.append((gettext("A place is kept for you until"), until or gettext("your answer")))
        if move.state == EnrolmentState.OFFERED and enrolment.offer_until:
            until = wording.moment(enrolment.offer_until, enrolment.run.zone)
            rows.append((gettext("The place is kept until"), until))
        if back := fair_time.ends([enrolment], now=timezone.now()).get(enrolment.pk):
            rows.append(
                (gettext("You can give it back without a record until"), wording.moment(back, enrolment.run.zone))
            )
        if reader.pk != enrolment.person_id:
            school = enrolment.school.short_name() if enrolment.school else ""
            rows = [(gettext("Applicant"), enrolment.person.full_name), (gettext("School"), school), *rows]
            rows += _behind(enrolment)
            due = wording.long_date(enrolment.step_due) if enrolment.step_due else ""
            rows.append((gettext("Decision due"), due))
    return rows


def _behind(enrolment: Enrolment) -> list[tuple[str, str]]:
    """Whose place the applicant would take over, in the active language; only while that is being decided."""
    row = hand_over_queries.behind(enrolment) if enrolment.state == EnrolmentState.PENDING else None
    if row is None or row.enrolment.school_id != enrolment.school_id:
        return []  # it went along to another school, whose director does not know the giver
    return [(gettext("Comes in place of"), row.enrolment.person.full_name)]


def course_facts(run: Run) -> list[tuple[str, str]]:
    """What every letter about a run says of it, in the active language."""
    return [
        (gettext("Course"), str(run.course)),
        (gettext("Dates"), wording.date_range(run.starts_on, run.ends_on) if run.starts_on else ""),
        (gettext("Venue"), calendars.place_of(run)),
        (gettext("Academic hours"), str(run.course.hours)),
    ]


def _missing(move: EnrolmentMove) -> list[tuple[str, str]]:
    """What was missing and what is asked for, in the active language; the move's note is in the decider's."""
    run = move.enrolment.run
    percent = completing.percent_for(run)
    needed = [gettext("at least %(percent)s%% of the hours") % {"percent": percent}]
    if run.course.final_assessment:
        needed.append(gettext("a passed final assessment"))
    return [
        (gettext("What was missing"), completing.result_of(move.enrolment, percent=percent).lacks or move.note),
        (gettext("Needed to complete"), "; ".join(needed)),
        (gettext("Contact person"), contact_of(run)),
    ]


def contact_of(run: Run) -> str:
    """Whom to ask, and under which address."""
    return f"{run.contact.full_name}, {run.contact.email}" if run.contact else ""


def page_link(name: str, *args: str, language: str) -> str:
    """The full address of a page in the reader's language, for letters."""
    with translation.override(language):
        return settings.SITE_URL + reverse(name, args=args)
