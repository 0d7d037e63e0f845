"""Guests as they come: a contact signs up some people of one school and confirms them by the link."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from courses.signing_up import CONSENT_VERSION
from courses.states import EnrolmentState
from nis_library.home.demo.book import Book, Entry, Intake
from nis_library.home.demo.crowd import Crowd
from nis_library.home.demo.timetable import DAY
from nis_library.home.demo.ways import guest_way

S = EnrolmentState
DECIDED = (S.COMPLETED, S.NOT_COMPLETED)
HOURS_TO_CONFIRM = 48


def come(
    book: Book,
    crowd: Crowd,
    intake: Intake,
    party: Sequence[int],
    states: Sequence[str],
    *,
    signed: datetime,
    last: datetime,
    decided: datetime | None = None,
) -> Iterator[Entry]:
    """The enrolments of one party that signed up then, a state for each person; none is withdrawn after `last`."""
    confirmed = crowd.chance.between(signed, min(last, signed + timedelta(hours=12)))
    school = crowd.school_of_guest(party[0])
    name, email, language = crowd.guest_contacts[party[0] - crowd.guests.start]
    signup = book.sign_up(
        run_id=intake.run.pk,
        name=name,
        email=email,
        language=language,
        school_id=school,
        consent_version=CONSENT_VERSION,
        consented_at=signed,
        hold_until=signed + timedelta(hours=HOURS_TO_CONFIRM),
        verified_at=confirmed,
        letters=2,
        told_at=confirmed,
        created_at=signed,
    )
    for guest, state in zip(party, states, strict=True):
        if intake.ends:
            crowd.guest_free_from[guest] = intake.ends + DAY
        times = [signed] if state == S.WAITING else [signed, confirmed]
        if state == S.WITHDRAWN:
            times.append(crowd.chance.between(confirmed, last))
        elif state in DECIDED and decided:
            times.append(decided)
        yield Entry(guest, school, state, guest_way(state), times, signup_id=signup)
