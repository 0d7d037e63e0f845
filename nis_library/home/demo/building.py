"""Putting the demonstration together."""

from collections.abc import Callable
from datetime import date

from django.conf import settings

from courses.models import Enrolment
from nis_library.home.demo import derived
from nis_library.home.demo.accounts import SCHOOL
from nis_library.home.demo.asking import Asking
from nis_library.home.demo.book import Book
from nis_library.home.demo.chance import stream
from nis_library.home.demo.history import History
from nis_library.home.demo.journeys import Journeys
from nis_library.home.demo.outcomes import Outcomes
from nis_library.home.demo.people import Maker
from nis_library.home.demo.proposals import Proposals
from nis_library.home.demo.purse import Purse
from nis_library.home.demo.sharing import Sharing
from nis_library.home.demo.upcoming import Upcoming
from nis_library.home.demo.wishes import Wishes
from schools import generated
from schools.models import Person, School
from schools.states import SchoolKind

Say = Callable[[str], object]


class Refusal(Exception):
    """Demonstration data may not go here; the text says why."""


def build(*, seed: int, scale: float, today: date, say: Say = lambda text: None) -> int:
    """Fill an empty database that holds the reference data; gives the number of enrolments.

    The same seed, scale and day give the same rows, names of addresses included. `scale` multiplies
    people and runs. Raises Refusal outside demo mode, where people exist, or without reference data.
    """
    if not settings.DEMO:
        raise Refusal("NIS_ENV is not «demo»: invented people stay out of a portal that is in use.")
    if Person.objects.exists():
        raise Refusal("There are people already. With --fresh everything is removed and built anew.")
    school = School.objects.filter(code=SCHOOL).first()
    if school is None:
        raise Refusal("The schools are missing: run «manage.py load_reference» first.")
    say("Schools of the country, generated")
    if not School.objects.filter(kind=SchoolKind.GENERAL).exists():
        generated.generate_schools(round(generated.COUNTRY * min(scale, 1)), seed=seed)
    say("People")
    crowd = Maker(seed, scale, today).crowd()
    book = Book(stream(seed, "rows"), crowd)
    say("Fifteen years of courses")
    outcomes = Outcomes(stream(seed, "outcomes"), crowd, today=today)
    History(book, stream(seed, "history"), crowd, outcomes, scale=scale, today=today).write()
    say("What is ahead")
    Upcoming(book, stream(seed, "upcoming"), crowd, outcomes, scale=scale, today=today, school=school).write()
    Sharing(book, stream(seed, "sharing"), crowd, today=today, school=school).write()
    book.close()
    Wishes(stream(seed, "wishes"), today=today).write()
    Purse(stream(seed, "purse"), today=today).write()
    Proposals(stream(seed, "proposals"), crowd, today=today).write()
    say("Attendance and answers")
    outcomes.close()
    derived.take_time(book.first_enrolment)
    derived.mark_attendance(book.first_enrolment)
    say("Trips and what came of them")
    Journeys(stream(seed, "journeys"), crowd, today=today).write()
    Asking(stream(seed, "asking"), crowd, today=today).write()
    return Enrolment.objects.count()
