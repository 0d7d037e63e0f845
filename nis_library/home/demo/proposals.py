"""What is being proposed to the next conference in the demonstration: a draft, a blind review, a returned text.

The conference is real; its call and fee are made up, and say so.
"""

from datetime import date, timedelta

from conferences.edition_queries import open_editions
from conferences.models import Abstract, Author, Call, Edition, Fee, Presentation, PresentationMove, Remark, Review
from conferences.states import Advice, AuthorState, PresentationFormat, PresentationVerb, ReviewState
from conferences.states import PresentationState as P
from nis_library.home.demo.accounts import email_of
from nis_library.home.demo.chance import Chance, at
from nis_library.home.demo.crowd import Crowd, Worker
from schools.models import Person
from schools.states import Role

DAY = timedelta(days=1)
MADE_UP = "Made up for the demonstration"
FIRST = (
    "Pupils of grades 7 to 9 keep a reading diary in three languages and exchange books between schools.\n\n"
    "We show how the diary is built and what pupils say."
)
SECOND = (
    "Pupils of grades 7 to 9 keep a reading diary in three languages and exchange books between four schools.\n\n"
    "We show how the diary is built, what 212 pupils say after a year, and what we would do otherwise."
)
GAMES = "A game of twelve tasks teaches first-year pupils to find, judge and cite sources in their library."
SHELF = (
    "A shelf of regional authors, described by pupils in Kazakh, Russian and English, is shared with village schools."
)


class Proposals:
    """Writes them. People stand in the database by now, and conferences since the reference data."""

    def __init__(self, chance: Chance, crowd: Crowd, *, today: date) -> None:
        self.chance, self.crowd, self.today = chance, crowd, today
        self.editor = Person.objects.get(email=email_of(Role.HQ))
        self.reviewer = Person.objects.get(email=email_of(Role.TRAINER))
        self.librarian = Person.objects.get(email=email_of(Role.LIBRARIAN))

    def write(self) -> None:
        edition = open_editions(today=self.today).first()
        if edition is None:
            return
        self._call(edition)
        mine = self.crowd.worker(self.librarian.pk)
        others = [row for row in self.crowd.librarians if row is not mine and row.school_on(self.today)]
        self._returned(edition, mine, others[0])
        self._in_review(edition, others[1 % len(others)])
        self._draft(edition, mine)

    def _call(self, edition: Edition) -> None:
        Call.objects.create(
            edition=edition,
            name=MADE_UP,
            opens_on=self.today - 30 * DAY,
            abstract_due=self.today + 45 * DAY,
            outcome_on=self.today + 90 * DAY,
            paper_due=self.today + 140 * DAY,
            languages="en fr",
            formats="paper poster workshop",
        )
        Fee.objects.create(
            edition=edition,
            name=MADE_UP,
            currency="EUR",
            amount=52_000,
            early_amount=44_000,
            early_until=self.today + 120 * DAY,
        )

    def _returned(self, edition: Edition, *workers: Worker) -> None:
        title = "Reading diaries in three languages"
        row = self._new(edition, title, PresentationFormat.PAPER, P.RETURNED, FIRST, SECOND, days=20)
        self._authors(row, workers)
        note = "Оқушылар саны мен нәтижесін жазыңыз."
        self._moved(row, (PresentationVerb.BEGIN, P.DRAFT, 20), (PresentationVerb.PROPOSE, P.PROPOSED, 14))
        self._moved(row, (PresentationVerb.RETURN, P.RETURNED, 6), by=self.editor, note=note)
        marks = {"relevance": 5, "novelty": 4, "clarity": 3, "evidence": 2}
        self._review(row, ReviewState.DONE, **marks, to_improve="Say how many pupils took part.", advice=Advice.REVISE)
        Remark.objects.create(
            presentation=row,
            person=self.librarian,
            text="212 оқушының жауабын қостым.",
            at=at(self.today - 2 * DAY, 15),
        )

    def _in_review(self, edition: Edition, worker: Worker) -> None:
        title = "Twelve tasks: a game of sources"
        row = self._new(edition, title, PresentationFormat.WORKSHOP, P.PROPOSED, GAMES, days=12, blind=True)
        self._authors(row, (worker,))
        self._moved(row, (PresentationVerb.BEGIN, P.DRAFT, 12), (PresentationVerb.PROPOSE, P.PROPOSED, 5))
        self._review(row, ReviewState.ASKED)

    def _draft(self, edition: Edition, *workers: Worker) -> None:
        row = self._new(edition, "A shelf of regional authors", PresentationFormat.POSTER, P.DRAFT, SHELF, days=3)
        self._authors(row, workers)
        self._moved(row, (PresentationVerb.BEGIN, P.DRAFT, 3))

    def _new(
        self, edition: Edition, title: str, form: str, state: str, *texts: str, days: int, blind: bool = False
    ) -> Presentation:
        made = at(self.today - days * DAY, 11)
        row = Presentation.objects.create(
            uid=self.chance.uid(),
            edition=edition,
            title=title,
            format=form,
            state=state,
            blind=blind,
            keywords="reading, school library",
            created_at=made,
            changed_at=made,
        )
        for number, text in enumerate(texts, start=1):
            Abstract.objects.create(
                presentation=row,
                number=number,
                text=text,
                made_by=self.librarian,
                made_at=made + (number - 1) * 17 * DAY,
            )
        return row

    def _authors(self, row: Presentation, workers: tuple[Worker, ...]) -> None:
        Author.objects.bulk_create(
            Author(
                uid=self.chance.uid(),
                presentation=row,
                person_id=worker.person_id,
                school_id=worker.school_on(self.today),
                order=order,
                state=AuthorState.CONFIRMED,
                changed_at=row.created_at,
            )
            for order, worker in enumerate(workers, start=1)
        )

    def _moved(self, row: Presentation, *steps: tuple[str, str, int], by: Person | None = None, note: str = "") -> None:
        author = row.authors.order_by("order").first()
        actor_id = by.pk if by else author.person_id if author else None
        for verb, state, days in steps:
            moment = at(self.today - days * DAY, 12)
            PresentationMove.objects.create(
                presentation=row, verb=verb, state=state, actor_id=actor_id, at=moment, note=note
            )

    def _review(self, row: Presentation, state: str, **form: object) -> None:
        done = at(self.today - 8 * DAY, 10) if state == ReviewState.DONE else None
        Review.objects.create(
            uid=self.chance.uid(),
            presentation=row,
            abstract=row.abstracts.order_by("number")[0],
            reviewer=self.reviewer,
            state=state,
            due_on=self.today + (5 * DAY if done is None else -7 * DAY),
            asked_at=at(self.today - 11 * DAY if done else self.today - 4 * DAY, 9),
            done_at=done,
            **form,
        )
