"""Letters to the contact of a sign-up: one for all that happened to its people since the last."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses import allocation_telling, calendars, fair_time, guest_links, offers, signing_up, tickets
from courses.letters import Words, course_facts
from courses.models import Enrolment, EnrolmentMove, Signup
from courses.reminder_words import REMINDER
from courses.states import OPEN, SEATED, EnrolmentState, Verb
from schools import outbox, wording

LETTER = "signup"
NEW_ADDRESS = "signup_address"
SWEEP_BATCH = 500
S = EnrolmentState
TOLD_ELSEWHERE = {Verb.CANCEL, Verb.COMPLETE, Verb.FAIL, Verb.REOPEN}
"""A run that was called off has a letter of its own, and results are no change of a sign-up."""
ENDED = (S.EXPIRED, S.WITHDRAWN, S.CANCELLED)

CONFIRM = Words(
    _("Confirm your sign-up"),
    _("Somebody, probably you, has signed up people for this seminar with this address. Confirm it by the link below."),
    _("Confirm the sign-up"),
)
PLACES = Words(
    _("Your places are confirmed"), _("You are expected. The calendar entry is attached."), _("Your sign-up")
)
QUEUE = Words(
    _("You are on the waiting list"),
    _("All places are taken. If one becomes free, it is yours in order of the list, and we write to you."),
    _("Your sign-up"),
)
LAPSED = Words(
    _("The offered place has gone to the next in line"),
    _("We had no answer in time. While registration is open you can sign up again, at the end of the list."),
    _("Your sign-up"),
)
POOL = Words(
    _("Your sign-up waits for the allocation"),
    _("Places are shared out after the application deadline, by rules that are open to all. Then we write to you."),
    _("Your sign-up"),
)
SOME = Words(
    _("Some of you have a place"),
    _("There were fewer places than people. Those without a place wait in order of the list, and we write to you."),
    _("Your sign-up"),
)
OFFER = Words(
    _("A place is offered to you"),
    _("Places have become free, and you are the next in line. They are kept for you until the time below."),
    _("Take the places, or leave them"),
)
GONE = Words(
    _("Your sign-up is cancelled"),
    _("Nobody of this sign-up comes to the seminar any more."),
    _("Your sign-up"),
)
LATE = Words(
    _("Your sign-up was not confirmed in time"),
    _("The places went to others. By the link you can still take up the sign-up, at the end of the list."),
    _("Take up the sign-up again"),
)

AFTERWARDS = Words(
    _("Your link to the seminar"),
    _("By the link below you find the materials, the questions about the seminar and, once issued, the certificates."),
    _("Open the page"),
)


def tell_signup(*, signup_id: int) -> None:
    """Put the letter that is owed to a contact into the outbox; where none is owed nothing happens."""
    with transaction.atomic():
        people = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(signup=signup_id)
        list(people.order_by("pk").values_list("pk"))  # before the sign-up, as every deed of the contact locks them
        rows = Signup.objects.select_for_update(no_key=True, of=("self",)).select_related("run__course", "run__host")
        signup = rows.filter(pk=signup_id).first()
        if signup is None:
            return
        moves = EnrolmentMove.objects.filter(enrolment__signup=signup, told_at=None)
        verbs = set(moves.values_list("verb", flat=True))
        if signup.told_at is not None and not verbs:
            return
        now = timezone.now()
        moves.update(told_at=now)
        _start_clocks(signup, verbs, now)
        if signup.email and (not verbs or verbs - TOLD_ELSEWHERE):
            signup.letters += 1
            outbox.supersede(about=signup, kinds=[LETTER, REMINDER])
            _write(signup, now, allocated=Verb.ALLOCATE in verbs)
        signup.told_at = now
        signup.save(update_fields=["letters", "told_at"])


def _start_clocks(signup: Signup, verbs: set[str], now: datetime) -> None:
    """What is held for these people is held from this letter on: offers, and the seats that wait for the link."""
    rows = list(signup.enrolments.filter(state=S.OFFERED).select_related("run"))
    if Verb.OFFER in verbs:
        offers.start_clock(rows, now=now)
    elif signup.letters == 0 and signup.verified_at is None and signup.hold_until:
        signup.hold_until = max(signup.hold_until, signing_up.hold_until(signup.run, now))
        signup.save(update_fields=["hold_until"])
        signup.enrolments.filter(state=S.OFFERED).update(offer_until=signup.hold_until)


def tell_untold() -> int:
    """Tell sign-ups that no worker told, the oldest first; returns how many there were."""
    untold = EnrolmentMove.objects.filter(enrolment__signup=OuterRef("pk"), told_at=None)
    rows = Signup.objects.filter(Q(told_at=None) | Exists(untold)).order_by("id")
    owed = list(rows.values_list("pk", flat=True)[:SWEEP_BATCH])
    for pk in owed:
        tell_signup(signup_id=pk)
    return len(owed)


def ask_new_address(signup: Signup) -> None:
    """Owe the new address the letter whose link confirms it. It names nobody: the address may be a stranger's."""
    with translation.override(signup.language):
        rows = course_facts(signup.run)
    outbox.enqueue(
        kind=NEW_ADDRESS,
        dedupe_key=f"signup-address:{signup.pk}:{signup.pending_epoch}",
        language=signup.language,
        address=signup.pending_email,
        about=signup,
        context={"rows": rows, "run": signup.run, "link": guest_links.pending_address(signup)},
    )


def words_of(signup: Signup, rows: Sequence[Enrolment], *, now: datetime) -> Words:
    """What there is to say, from where its people stand."""
    states, last = {row.state for row in rows}, signup.run.ends_on
    over = last is not None and last < signup.run.day_there(now)
    if states & set(SEATED) and (over or signup.walk_in or not states & set(OPEN)):
        return AFTERWARDS
    if not states & set(OPEN):
        return GONE if S.EXPIRED not in states else LATE if signup.verified_at is None else LAPSED
    if signup.verified_at is None:
        return CONFIRM
    if S.OFFERED in states:
        return OFFER
    if states & {S.POOLED} and not states & {S.CONFIRMED}:
        return POOL
    if S.WAITING not in states:
        return PLACES
    return SOME if states & {S.CONFIRMED, S.OFFERED} else QUEUE


def _write(signup: Signup, now: datetime, *, allocated: bool) -> None:
    rows = list(signup.enrolments.select_related("person", "run").order_by("number"))
    words, language = words_of(signup, rows, now=now), signup.language
    with translation.override(language):
        facts = [*course_facts(signup.run), *people_lines(rows)]
        if words is CONFIRM and signup.hold_until:
            facts.append((gettext("Places are held until"), wording.moment(signup.hold_until, signup.run.zone)))
        facts += offered_until(rows) if words is OFFER else []
        if back := fair_time.ends(rows, now=now):
            until = wording.moment(min(back.values()), signup.run.zone)
            facts.append((gettext("You can give it back without a record until"), until))
        facts += allocation_telling.reasons_of(signup, rows) if allocated else []
    seated = any(row.state == S.CONFIRMED for row in rows)
    calendar, method = b"", "REQUEST"
    if seated and words is not AFTERWARDS:
        calendar = calendars.entry(signup.run, language=language)
    elif words is GONE:
        calendar, method = calendars.entry(signup.run, language=language, cancelled=True), "CANCEL"
    outbox.enqueue(
        kind=LETTER,
        dedupe_key=f"signup:{signup.pk}:{signup.letters}",
        language=language,
        address=signup.email,
        about=signup,
        calendar=calendar,
        calendar_method=method,
        context={
            "words": words,
            "rows": facts,
            "run": signup.run,
            "greeting_name": signup.name,
            "asks": words is CONFIRM,
            "link": guest_links.address(signup),
        },
    )


def offered_until(rows: Sequence[Enrolment]) -> list[tuple[str, str]]:
    """When the first of the offers ends, in the active language; nothing where nothing is offered."""
    ends = [(row.offer_until, row.run.zone) for row in rows if row.state == S.OFFERED and row.offer_until]
    return [(gettext("Places are held until"), wording.moment(*min(ends)))] if ends else []


def people_lines(rows: Sequence[Enrolment]) -> list[tuple[str, str | Promise]]:
    """Each person and where they stand, in the active language; of a person with several rows the last counts."""
    last = {row.person_id: row for row in rows}
    lines: list[tuple[str, str | Promise]] = []
    for row in last.values():
        state = str(EnrolmentState(row.state).label)
        if row.state == S.OFFERED:
            state = gettext("place held, to be confirmed")
        elif row.state == S.CONFIRMED:
            state = gettext("confirmed, ticket %(code)s") % {"code": tickets.shown(row.uid)}
        lines.append((row.person.full_name, state))
    return lines
