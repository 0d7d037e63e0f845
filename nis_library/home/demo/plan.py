"""Which courses a year brings: how many, in which months, in which form, and for how many people."""

from dataclasses import dataclass
from datetime import date, timedelta

from courses.models import Course
from courses.states import CourseKind, Format
from nis_library.home.demo.chance import Chance
from nis_library.home.demo.timetable import working
from schools.states import Language

MONTHS = {1: 4, 2: 11, 3: 8, 4: 12, 5: 6, 6: 5, 7: 1, 8: 6, 9: 9, 10: 14, 11: 14, 12: 6}
"""Courses follow the school year: few in summer and around New Year."""
RUNS = {2011: 3, 2012: 4, 2013: 5, 2014: 5, 2015: 6, 2016: 6, 2017: 7, 2018: 7, 2019: 8, 2020: 7, 2021: 8}
RUNS_NOW = 9
OUTREACH = {2013: 4, 2014: 7, 2015: 10, 2016: 12, 2017: 14, 2018: 16, 2019: 16, 2020: 13, 2021: 16}
OUTREACH_NOW = 18
"""Seminars and webinars for staff of other schools: passing on what works began in 2013."""
FIRST_YEARS = {
    "generative-ai-library": 2023,
    "media-literacy-facts": 2017,
    "koha-first-steps": 2015,
    "ebsco-britannica-search": 2013,
    "free-online-resources": 2015,
    "three-months-on": 2016,
    "textbooks-accounting": 2016,
    "summer-reading-webinar": 2018,
    "copyright-webinar": 2016,
    "research-to-iasl": 2014,
    "ib-school-library": 2013,
    "placement-ib-library-abroad": 2014,
}
LONG = 72
"""Academic hours from which a course takes two weeks, and HQ decides too."""
CLOSED = (date(2020, 3, 16), date(2021, 8, 15))
"""Nobody met in a room, and nobody travelled."""


@dataclass(frozen=True, slots=True)
class Abroad:
    """A town where placements are held."""

    country: str
    zone: str
    town: tuple[str, str, str]

    def fields(self) -> dict[str, str]:
        """For the columns of a run."""
        kk, ru, en = self.town
        return {"country": self.country, "place_kk": kk, "place_ru": ru, "place_en": en}


TOWNS = (
    Abroad("FI", "Europe/Helsinki", ("Хельсинки, Финляндия", "Хельсинки, Финляндия", "Helsinki, Finland")),
    Abroad("GB", "Europe/London", ("Кембридж, Ұлыбритания", "Кембридж, Великобритания", "Cambridge, United Kingdom")),
    Abroad("SG", "Asia/Singapore", ("Сингапур", "Сингапур", "Singapore")),
    Abroad("EE", "Europe/Tallinn", ("Таллин, Эстония", "Таллин, Эстония", "Tallinn, Estonia")),
    Abroad("NL", "Europe/Amsterdam", ("Гаага, Нидерланд", "Гаага, Нидерланды", "The Hague, Netherlands")),
)


def is_outreach(course: Course) -> bool:
    """For staff of general-education schools."""
    return course.kind in (CourseKind.SEMINAR, CourseKind.WEBINAR)


def number_of_runs(year: int, *, outreach: bool) -> int:
    """Runs of a whole year at scale 1."""
    if outreach:
        return OUTREACH.get(year, OUTREACH_NOW if year > 2021 else 0)
    return RUNS.get(year, RUNS_NOW)


def some_day(chance: Chance, year: int) -> date:
    """A working day of the year, on a Monday more often than not."""
    month = chance.choices(list(MONTHS), list(MONTHS.values()))[0]
    day = date(year, month, chance.randint(1, 28))
    if chance.happens(0.6):
        day -= timedelta(days=day.weekday())
    return working(max(day, date(year, 1, 8)))


def course_for(chance: Chance, courses: list[Course], day: date) -> Course | None:
    """A course that could have begun on that day, by the taste of its time."""
    weights = [_weight(course, day) for course in courses]
    return chance.choices(courses, weights)[0] if any(weights) else None


def _weight(course: Course, day: date) -> float:
    """Courses of two weeks are rarer than short ones."""
    return _taste(course, day) * (0.4 if course.hours >= LONG and course.kind == CourseKind.COURSE else 1)


def _taste(course: Course, day: date) -> float:
    if day.year < FIRST_YEARS.get(course.code or "", 2011):
        return 0
    shut = CLOSED[0] <= day <= CLOSED[1]
    if course.kind == CourseKind.PLACEMENT:
        return 0 if shut or day.year == 2022 else 0.7
    if course.format == Format.ONLINE:
        return 4 if shut else 0.35 if day.year < 2016 else 0.7 if day.year < 2020 else 1.3
    if course.format == Format.BLENDED:
        return 0 if shut else 0.5 if day.year < 2017 else 1
    return 0 if shut else 1.2


def capacity_of(chance: Chance, course: Course) -> int:
    if course.kind == CourseKind.PLACEMENT:
        return chance.choice((6, 8, 8, 10))
    if course.kind == CourseKind.WEBINAR:
        return chance.choice((100, 120, 150, 200))
    if course.kind == CourseKind.SEMINAR:
        return chance.choice((40, 60, 80, 100, 120) if course.format == Format.IN_PERSON else (100, 120, 150, 200))
    return chance.choice((18, 20, 24, 25, 25, 30))


def language_of(chance: Chance, course: Course) -> str:
    if course.kind == CourseKind.PLACEMENT or course.code == "professional-english":
        return Language.EN
    return chance.choices([Language.KK, Language.RU, Language.EN], [62, 32, 6])[0]


def chain_of(course: Course) -> str:
    """Code of the approval chain: the longer or farther a course, the more people are asked."""
    if is_outreach(course):
        return "none"
    return "director_hq" if course.hours >= LONG else "director"
