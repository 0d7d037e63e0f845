"""The people of the demonstration: librarians, those who lead schools, offices, and guests of other schools."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from nis_library.home.demo import names, rows
from nis_library.home.demo.accounts import DOMAIN, PASSWORD, SCHOOL, email_of
from nis_library.home.demo.chance import Chance, stream, times
from nis_library.home.demo.crowd import Crowd, Worker
from schools.models import Membership, Person, School, User
from schools.states import Category, Language, Post, Role, SchoolKind

FIRST_DAY = date(2011, 1, 10)
BEGUN = datetime(2011, 1, 9, tzinfo=UTC)
LIBRARIANS_A_SCHOOL = (6, 7, 7, 8)
FEWEST = 4
"""Librarians of a school, even in the smallest demonstration."""
LEFT_A_SCHOOL = 3
GUESTS = 5_500
LANGUAGES = {Language.KK: 0.72, Language.RU: 0.25, Language.EN: 0.03}
CATEGORIES = {
    "": 0.08,
    Category.PEDAGOGUE: 0.24,
    Category.MODERATOR: 0.28,
    Category.EXPERT: 0.24,
    Category.RESEARCHER: 0.12,
    Category.MASTER: 0.04,
}
LIBRARY_POSTS = {Post.TEACHER_LIBRARIAN: 0.66, Post.SENIOR: 0.22, Post.HEAD: 0.12}
GUEST_POSTS = {Post.OTHER: 0.5, Post.TEACHER: 0.42, Post.DEPUTY: 0.08}
OFFICES = (
    (Role.HQ, 3, Post.STAFF),
    (Role.FINANCE, 1, Post.STAFF),
    (Role.TRAINER, 5, Post.OTHER),
    (Role.AUDITOR, 1, Post.STAFF),
    (Role.ADMINISTRATOR, 1, Post.STAFF),
)


class Maker:
    """Makes people and their roles; `crowd()` does it all and gives what others need to know."""

    def __init__(self, seed: int, scale: float, today: date) -> None:
        self.seed = seed
        self.chance: Chance = stream(seed, "people")
        self.scale, self.today = scale, today
        self.next_key = rows.keys(Person)
        self.number = 0
        self.people: list[Person] = []
        self.memberships: list[Membership] = []
        self.with_account: list[Person] = []
        self.named: dict[str, int] = {}
        self.librarians: list[Worker] = []
        self.heads: dict[int, list[tuple[date, date | None, int]]] = {}
        self.contacts: list[tuple[str, str, str]] = []
        self.offices: dict[str, list[int]] = {role: [] for role, _, _ in OFFICES}

    def crowd(self) -> Crowd:
        schools = list(School.objects.filter(network_periods__valid_to=None).exclude(network_periods=None))
        for school in schools:
            self._heads(school)
            self._librarians(school)
        for role, number, post in OFFICES:
            for _ in range(number):
                self.offices[role].append(self._office(role, post))
        rows.write(self.people)
        rows.write(self.memberships)
        self._accounts()
        guests = self._guests()
        general = School.objects.filter(kind=SchoolKind.GENERAL).order_by("pk").values_list("pk", flat=True)
        rows.settle_keys(Person, Membership)
        return Crowd(
            librarians=self.librarians,
            heads=self.heads,
            named=self.named,
            trainers=self.offices[Role.TRAINER],
            coordinators=self.offices[Role.HQ],
            guests=guests,
            guest_schools=list(general),
            guest_contacts=self.contacts,
            chance=stream(self.seed, "guests"),
        )

    def _person(self, post: str, *, women: float = 0.5, role: str = "", since: datetime = BEGUN) -> Person:
        """A person with an address of their own: the role's, if nobody has it yet."""
        first = bool(role) and role not in self.named
        language = Language.KK if first else self.chance.weighted(LANGUAGES)
        name = names.pick(self.chance, woman=self.chance.happens(women), language=language)
        self.number += 1
        person = Person(
            id=next(self.next_key),
            uid=self.chance.uid(),
            surname=name.surname,
            given_name=name.given_name,
            patronymic=name.patronymic,
            latin_name=name.latin_name,
            post=post,
            language=language,
            email=email_of(role) if first else f"person{self.number}@{DOMAIN}",
            created_at=since,
        )
        if first:
            self.named[role] = person.pk
        self.people.append(person)
        return person

    def _role(
        self, person: Person, role: str, since: date, until: date | None = None, school: int | None = None
    ) -> None:
        self.memberships.append(
            Membership(
                uid=self.chance.uid(), person=person, role=role, school_id=school, valid_from=since, valid_to=until
            )
        )

    def _heads(self, school: School) -> None:
        """A director before and one now, and for some schools a deputy."""
        shown = school.code == SCHOOL
        change = self._day(date(2016, 8, 1), date(2023, 8, 31))
        before = self._person(Post.DIRECTOR)
        now = self._person(Post.DIRECTOR, role=Role.DIRECTOR if shown else "")
        self._role(before, Role.DIRECTOR, FIRST_DAY, change - timedelta(days=1), school.pk)
        self._role(now, Role.DIRECTOR, change, None, school.pk)
        self.heads[school.pk] = [(FIRST_DAY, change - timedelta(days=1), before.pk), (change, None, now.pk)]
        self.with_account.append(now)
        if shown or self.chance.happens(0.35):
            deputy = self._person(Post.DEPUTY, women=0.7, role=Role.DEPUTY if shown else "")
            self._role(deputy, Role.DEPUTY, change, None, school.pk)
            self.with_account.append(deputy)

    def _librarians(self, school: School) -> None:
        shown = school.code == SCHOOL
        for number in range(times(self.chance.choice(LIBRARIANS_A_SCHOOL), self.scale, least=FEWEST)):
            first = shown and number == 0
            role = Role.LIBRARIAN if first else ""
            since = date(2014, 8, 25) if first else self._day(FIRST_DAY, self.today - timedelta(days=200))
            since = self.chance.choice([FIRST_DAY, since, since]) if not first else since
            person = self._librarian(role)
            self.with_account.append(person)
            moved = not first and self.chance.happens(0.05) and since.year < self.today.year - 2
            self._employ(person, since, None, school.pk, came_from=self._other(school.pk) if moved else None)
        for _ in range(times(LEFT_A_SCHOOL, self.scale)):
            since = self._day(FIRST_DAY, date(2019, 12, 31))
            until = min(since + timedelta(days=self.chance.randint(500, 3200)), self.today - timedelta(days=30))
            self._employ(self._librarian(""), since, until, school.pk)

    def _librarian(self, role: str) -> Person:
        post = Post.SENIOR if role else self.chance.weighted(LIBRARY_POSTS)
        person = self._person(post, women=0.93, role=role)
        person.category = self.chance.weighted(CATEGORIES)
        return person

    def _other(self, school_id: int) -> int:
        return self.chance.choice([key for key in self.heads if key != school_id] or [school_id])

    def _employ(
        self, person: Person, since: date, until: date | None, school: int, came_from: int | None = None
    ) -> None:
        spans: list[tuple[date, date | None, int]] = [(since, until, school)]
        if came_from and came_from != school:
            change = self._day(since + timedelta(days=200), self.today - timedelta(days=100))
            spans = [(since, change - timedelta(days=1), came_from), (change, None, school)]
        for first, last, where in spans:
            self._role(person, Role.LIBRARIAN, first, last, where)
        self.librarians.append(Worker(person.pk, person.full_name, person.latin_name, spans))

    def _office(self, role: str, post: str) -> int:
        person = self._person(post, women=0.6, role=role)
        self._role(person, role, FIRST_DAY)
        self.with_account.append(person)
        return person.pk

    def _day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.chance.randrange(max(1, (last - first).days)))

    def _accounts(self) -> None:
        """Accounts with the one password; a fixed salt, so that the rows come out alike."""
        password = make_password(PASSWORD, salt="demonstration-only")
        users = [
            User(
                email=person.email,
                person=person,
                password=password,
                date_joined=BEGUN,
                is_staff=person.email == email_of(Role.ADMINISTRATOR),
                is_superuser=person.email == email_of(Role.ADMINISTRATOR),
            )
            for person in self.with_account
        ]
        User.objects.bulk_create(users, batch_size=rows.BATCH)
        EmailAddress.objects.bulk_create(
            [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users],
            batch_size=rows.BATCH,
        )

    def _guests(self) -> range:
        """Staff of general-education schools: people without an account."""
        first = last = 0
        for person in self._guest_people():
            first, last = first or person.pk, person.pk
            self.contacts.append((person.full_name, person.email, person.language))
            if len(self.people) >= 10 * rows.BATCH:
                rows.write(self.people)
        rows.write(self.people)
        return range(first, last + 1)

    def _guest_people(self) -> Iterator[Person]:
        since = datetime(2012, 12, 20, tzinfo=UTC)
        for _ in range(times(GUESTS, self.scale)):
            yield self._person(self.chance.weighted(GUEST_POSTS), women=0.85, since=since)
