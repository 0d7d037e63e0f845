"""Every address of the portal and who gets in. `test_access.py` walks the URLconf and tries each line.

An address that stands in no line fails the suite. A line: `Door(name, who, kwargs, post)`. `who` is everybody
who gets in, by their name in the cast or by a word below; all others must be sent to sign in (visitors) or be
refused with 403 or 404. `kwargs` makes the address out of the world, where rows of the own and of the other
school exist: write one line for each school. `post=True` for addresses that take POST alone, `make=` a word on
what a line is about if a name has several,
`reader=` whose eyes the page is looked at with.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django.utils.translation import get_language

from courses import (
    attendance,
    certificates,
    completing,
    demand_links,
    enrolling,
    feeds,
    guest_links,
    intakes,
    requiring,
    signup_changes,
)
from courses.models import Certificate, Demand, Enrolment, ReminderRule, Run, RunTrainer, Signup
from courses.models.feed import Feed
from nis_library.reports import build
from nis_library.reports.models import YearlyReport
from nis_library.reports.periods import Period
from nis_library.reports.states import PeriodKind
from schools import directory, invitations, jobs, school_import
from schools.models import Job, Mail, Person, School, SchoolImport, SchoolRequest
from schools.models.roster import RosterImport
from schools.school_plans import SchoolRow
from tests import make
from tests.allocation_world import AllocationWorld
from tests.budget_world import BudgetWorld
from tests.cast import Cast
from tests.coming_back_world import ComingBackWorld
from tests.courses import guests, rows, wishes
from tests.edition_world import EditionWorld
from tests.effect_world import EffectWorld
from tests.hand_over_world import HandOverWorld
from tests.place_world import PlaceWorld
from tests.shared_seats_world import SharedSeatsWorld
from tests.trip_world import TripWorld

VISITOR = "visitor"
AT_SCHOOLS = frozenset(["librarian", "colleague", "director", "deputy", "stranger", "other_director"])
SIGNED_IN = AT_SCHOOLS | {"hq", "finance", "trainer", "auditor", "administrator"}
EVERYONE = SIGNED_IN | {VISITOR}
OFFICES = frozenset(["hq", "administrator", "auditor"])
MANAGERS = frozenset(["hq", "administrator"])
ADMINISTRATOR = frozenset(["administrator"])
LEADERS = frozenset(["director", "deputy"])

LETTER = b"""From: portal@example.kz
To: librarian@example.kz
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Hat
--b
Content-Type: text/html; charset=utf-8

<p>Hat</p>
--b
Content-Type: text/calendar; charset=utf-8; method=REQUEST

BEGIN:VCALENDAR
END:VCALENDAR
--b--
"""

OWN = ("schools.", "courses.", "conferences.", "nis_library.")
# Addresses of libraries: name or beginning of a name -> why it may be open.
VENDORS = {
    "admin:": "Django's admin asks for staff accounts itself; tried below",
    "account/social/": "identity providers by allauth, of no name",
    "account_": "sign-in by allauth: its pages ask for an account where they need one",
    "mfa_": "second factors by allauth, for signed-in people",
    "socialaccount_": "identity providers by allauth",
    "openid_connect_": "identity providers by allauth",
    "set_language": "choice of language, POST only",
}


@dataclass
class World(
    AllocationWorld,
    EditionWorld,
    BudgetWorld,
    TripWorld,
    EffectWorld,
    ComingBackWorld,
    PlaceWorld,
    SharedSeatsWorld,
    HandOverWorld,
):
    """The cast with rows of both schools, written when a line asks for them."""

    cast: Cast

    def person(self, name: str) -> dict[str, object]:
        return {"uid": getattr(self.cast, name).person.uid}

    def role_of(self, name: str) -> dict[str, object]:
        return {**self.person(name), "role_uid": getattr(self.cast, name).person.memberships.get().uid}

    @cached_property
    def run(self) -> Run:
        """A published run whose applications the director decides."""
        return rows.run(chain=rows.director_chain())

    @cached_property
    def draft(self) -> Run:
        return rows.run(state="draft")

    @cached_property
    def origin(self) -> Run:
        """A run of last week; two came from it, the second by way of the first."""
        run = rows.past_run(self.cast.trainer.person)
        rows.attend(rows.seats(run, [self.cast.librarian.person], school=self.cast.school))
        first, second = (rows.run(course=rows.course(kind="seminar"), outreach=True) for _ in range(2))
        rows.source(first, run)
        rows.source(second, first)
        rows.attend(rows.seats(first, [self.cast.stranger.person], school=self.cast.other_school))
        return run

    @cached_property
    def derived(self) -> Run:
        """A run of the trainer that came from a course and from an earlier run."""
        run = rows.run(course=rows.course(kind="seminar"), host=self.cast.school)
        RunTrainer.objects.create(run=run, person=self.cast.trainer.person)
        rows.source(run, self.run.course)
        rows.source(run, rows.past_run(self.cast.trainer.person))
        return run

    @cached_property
    def demanding(self) -> Run:
        """A run whose course needs another, with what is equivalent to it and somebody who is let off."""
        run, hq = rows.run(), self.cast.hq.actor
        needed = rows.run(start=rows.START + timedelta(days=30)).course
        requiring.need(course=run.course, needed=needed, actor=hq)
        requiring.equate(course=run.course, other=rows.course(), actor=hq)
        requiring.waive(course=run.course, person=self.cast.colleague.person, reason="Басқа жерде оқыған", actor=hq)
        return run

    @cached_property
    def parallel(self) -> Run:
        """A run with a parallel one in which the librarian has a place, and a third that could be joined."""
        course = rows.course()
        run, other, _third = (rows.run(course=course, start=rows.START + timedelta(days=7 * at)) for at in range(3))
        intakes.join(run=run, other=other, actor=self.cast.hq.actor)
        rows.seats(other, [self.cast.librarian.person], school=self.cast.school)
        run.refresh_from_db()
        return run

    @cached_property
    def demand(self) -> Demand:
        """Three of two schools ask; one of them has not confirmed."""
        School.objects.filter(pk=self.cast.school.pk).update(map_x=660.5, map_y=148.4)
        demand = wishes.demand(region=wishes.kostanay())
        held = rows.past_run(self.cast.trainer.person)
        rows.seats(held, [self.cast.colleague.person], school=self.cast.school, state="completed")
        wishes.voice(demand, school=self.cast.school)
        wishes.voice(demand, school=self.cast.other_school, note="Ауыл мектептері үшін")
        wishes.voice(demand, verified=False)
        return demand

    @cached_property
    def planned_demand(self) -> Demand:
        """Met by a seminar that is announced."""
        demand = wishes.demand(region=self.cast.other_school.region, run=guests.run(capacity=60))
        wishes.voice(demand, school=self.cast.other_school)
        return demand

    @property
    def demanded(self) -> dict[str, object]:
        """An address that shows both."""
        assert self.demand != self.planned_demand
        return {}

    @property
    def wish(self) -> dict[str, object]:
        """What is asked for already in another language."""
        return {"topic": self.demand.topic.code, "region": self.demand.region.iso, "language": "ru"}

    @property
    def voice_token(self) -> str:
        return demand_links.token(self.demand.voices.get(verified_at=None))

    @cached_property
    def feed(self) -> Feed:
        return feeds.renew(person=self.cast.librarian.person, actor=self.cast.librarian.actor)

    @cached_property
    def enrolment(self) -> Enrolment:
        """The librarian's application, waiting for the director."""
        who = self.cast.librarian
        return enrolling.enrol(person=who.person, run=self.run, actor=who.actor)

    @cached_property
    def taught(self) -> Run:
        """A run of last week that the trainer teaches, with a final assessment."""
        return rows.past_run(self.cast.trainer.person, course=rows.course(final_assessment=True))

    @cached_property
    def completed(self) -> Enrolment:
        """The librarian's completed part in it; the colleague's result is open."""
        school = self.cast.school
        rows.seats(self.taught, [self.cast.colleague.person], school=school)
        return rows.seats(self.taught, [self.cast.librarian.person], school=school, state="completed")[0]

    @property
    def check_in_token(self) -> str:
        return attendance.check_in_token(self.completed.run.meetings.first())

    @cached_property
    def certificate(self) -> Certificate:
        return certificates.issue(enrolment=self.completed, actor=self.cast.hq.actor)

    @cached_property
    def signup(self) -> Signup:
        """Two guests of the other school's neighbourhood, held until the link is used."""
        return guests.sign_up(guests.run(capacity=20), 2, school=make.school(in_network=False, kind="general"))

    @cached_property
    def found_guest(self) -> Person:
        """The librarian, who came to a seminar before there was an account; somebody else shares the address."""
        own = self.cast.librarian.person
        for name in (own.full_name, f"Ахметова {own.given_name}"):
            guests.confirmed(guests.run(capacity=20), email=own.email, name=name)
        return Person.objects.exclude(pk=own.pk).get(email=own.email, surname=own.surname)

    @property
    def guest_token(self) -> str:
        return guest_links.token(self.signup)

    @property
    def new_address_token(self) -> str:
        """The link on its way to an address that is not confirmed yet."""
        moving = signup_changes.change_address(signup=guests.sign_up(guests.run(capacity=20)), email="new@example.kz")
        return guest_links.pending_token(moving)

    @cached_property
    def seminar(self) -> Run:
        """A seminar that goes on right now, taught by the trainer."""
        return guests.on_now(self.cast.trainer.person)

    @cached_property
    def here_now(self) -> Signup:
        """Two guests with places in it."""
        return guests.confirmed(self.seminar, 2, school=make.school(in_network=False, kind="general"))

    @property
    def here_token(self) -> str:
        return guest_links.token(self.here_now)

    @property
    def ticket(self) -> dict[str, object]:
        return {"code": self.here_now.enrolments.order_by("number").first().uid}

    @property
    def wall_now(self) -> dict[str, object]:
        return {"token": attendance.check_in_token(self.here_now.run.meetings.first())}

    @property
    def walked_in(self) -> dict[str, object]:
        """Somebody who came to that seminar without signing up."""
        made = guests.walked_in(self.here_now.run, self.cast.trainer.actor)
        return {"uid": made.run.uid, "order": 1, "signup": made.uid}

    @cached_property
    def after(self) -> Signup:
        """Two guests who were present at a seminar of last week; the first has a certificate."""
        made = guests.attended(self.cast.trainer.person, 2, school=make.school(in_network=False, kind="general"))
        first = made.enrolments.order_by("number").first()
        completing.close(run=made.run, actor=self.cast.trainer.actor)
        certificates.issue(enrolment=first, actor=self.cast.hq.actor)
        return made

    @property
    def after_token(self) -> str:
        return guest_links.token(self.after)

    def after_row(self, *, certified: bool = False) -> dict[str, object]:
        """The link, and one of its people: by the second no answer has been given."""
        rows = self.after.enrolments.order_by("number")
        return {"token": self.after_token, "uid": (rows.first() if certified else rows.last()).uid}

    @cached_property
    def reminder_rule(self) -> ReminderRule:
        return ReminderRule.objects.create(kind="before_start", days=3)

    @cached_property
    def invitation(self) -> str:
        """The token of a living invitation."""
        user = make.new_account(make.person())
        user.set_unusable_password()
        user.save()
        return invitations.link(user, language="kk").rstrip("/").rsplit("/", 1)[1]

    @cached_property
    def mail(self) -> Mail:
        """A letter with a calendar part."""
        return Mail.objects.create(
            kind="test",
            dedupe_key="test",
            person=self.cast.librarian.person,
            address="librarian@example.kz",
            language="kk",
            subject="Хат",
            message=LETTER,
            message_id="<test@example.kz>",
        )

    @cached_property
    def job(self) -> Job:
        """Work of HQ, done, with a file."""
        folder = Path(settings.DATA_DIR) / "jobs"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "result.txt").write_text("done")
        return Job.objects.create(
            kind="test",
            owner=self.cast.hq.person,
            state="done",
            ended_at=timezone.now(),
            result_name="result.txt",
            result_path="jobs/result.txt",
        )

    @cached_property
    def report(self) -> YearlyReport:
        """A yearly report with its rows, built by HQ."""
        job = build.order(period=Period(PeriodKind.CALENDAR, 2024), owner=self.cast.hq.person, actor=self.cast.hq.actor)
        jobs.run(job.pk)
        return YearlyReport.objects.select_related("job").get(job=job)

    @cached_property
    def roster(self) -> RosterImport:
        """A roster that HQ has read and not yet applied."""
        return RosterImport.objects.create(owner=self.cast.hq.person, file_name="a.xlsx", shown="0" * 64)

    def having(self, *names: str) -> dict[str, object]:
        """Nothing for the address of a page; but these rows are there to be seen on it."""
        assert all(getattr(self, name) for name in names)
        return {}

    @cached_property
    def general_school(self) -> School:
        """A school of the directory, with another that is archived."""
        make.general_school("№ 7 мектеп", archived_at=timezone.now())
        return make.general_school("№ 12 орта мектеп", district_kk="Талғар ауданы", rural=True)

    @cached_property
    def school_request(self) -> SchoolRequest:
        """A school that was not listed, like one of the directory."""
        asked = {"region": self.general_school.region, "name": "12 мектеп", "district": "Талғар"}
        return directory.request_school(**asked, contact="a@example.kz", actor=self.cast.hq.actor)

    @cached_property
    def school_import(self) -> SchoolImport:
        """A file of schools that HQ has read: one new, one changed, one faulty row, and one school not in it."""
        iso, also = self.general_school.region.iso, make.general_school()
        values = {"region": iso, "name_kk": "№ 12 орта мектеп", "district_kk": "Талғар ауданы", "city_kk": "Талғар"}
        read = [
            SchoolRow(2, {**values, "city_ru": "Талгар", "rural": True}),
            SchoolRow(3, {"region": also.region.iso, "name_kk": "№ 13 мектеп"}),
            SchoolRow(4, {"region": "Атлантида", "name_kk": "№ 14 мектеп"}, {"region": "Мұндай өңір жоқ."}),
        ]
        return school_import.keep(name="schools.xlsx", entries=read, actor=self.cast.hq.actor)


Kwargs = Callable[[World], dict[str, object]]


@dataclass(frozen=True)
class Door:
    name: str
    who: frozenset[str]
    kwargs: Kwargs = field(default=lambda world: {})
    post: bool = False
    about: str = ""
    reader: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.about}".strip() + (" (POST)" if self.post else "")


@dataclass(frozen=True)
class Address:
    """One line of the URLconf: its full name, its route and the view behind it."""

    name: str
    route: str
    view: Callable[..., HttpResponse]

    @property
    def is_own(self) -> bool:
        return self.view.__module__.startswith(OWN)

    @property
    def doors(self) -> tuple[str, ...]:
        return getattr(self.view, "doors", ())


def addresses(resolver: URLResolver | None = None, spaces: tuple[str, ...] = (), route: str = "") -> Iterator[Address]:
    """Walk the URLconf, names with their namespaces."""
    resolver = resolver or get_resolver()
    for line in resolver.url_patterns:
        here = route + str(line.pattern)
        if isinstance(line, URLPattern):
            nameless = here.removeprefix(f"{get_language()}/")
            yield Address(":".join([*spaces, line.name or nameless]), here, line.callback)
        else:
            inner = (*spaces, line.namespace) if line.namespace else spaces
            yield from addresses(line, inner, here)


def undeclared(found: list[Address]) -> list[str]:
    """Own views without `@entry`, and addresses of libraries that nobody has looked at."""
    own = [f"{a.name} ({a.route}) has no @entry" for a in found if a.is_own and not a.doors]
    return own + [f"{a.name} ({a.route}) is not in VENDORS" for a in found if not a.is_own and not _known(a.name)]


def untried(found: list[Address], doors: list[Door]) -> list[str]:
    """Own addresses that no line of the table tries, and lines whose address is gone."""
    own, tried = {a.name for a in found if a.is_own}, {door.name for door in doors}
    return [f"{name} is not tried" for name in sorted(own - tried)] + [
        f"{name} is gone" for name in sorted(tried - own)
    ]


def _known(name: str) -> bool:
    return name.startswith(tuple(VENDORS))


def outcome(response: HttpResponse, login_url: str) -> str:
    """«in», «login» or «out»; anything else is told as it is, so that a 500 shows."""
    code = response.status_code
    if code in (301, 302) and response.url.startswith(login_url):
        return "login"
    if code in (403, 404):
        return "out"
    return "in" if code in (200, 204, 302, 303, 409, 422) else str(code)


def expected(door: Door) -> dict[str, str]:
    """What each of the cast must meet at the door. Visitors are sent to sign in only where signing in could help."""
    open_to_all = any("everyone" in address.doors for address in addresses() if address.name == door.name)
    shut = {VISITOR: "out" if open_to_all else "login"}
    return {name: "in" if name in door.who else shut.get(name, "out") for name in sorted(EVERYONE)}
