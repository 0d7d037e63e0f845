"""Rows of conferences and presentations for the table of doors, written when a line asks for them."""

from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from conferences.models import Abstract, Edition, Presentation, PresentationFile, Remark, Review
from schools import files
from tests.cast import Cast
from tests.conferences import rows
from tests.file_samples import pdf


class EditionWorld:
    """A part of the world of `doors.py`."""

    cast: Cast

    @cached_property
    def edition(self) -> Edition:
        """A conference of next summer with a call and fees, beside one that was and one that is not announced."""
        today = timezone.localdate()
        start = today + timedelta(days=200)
        edition = rows.edition(year=start.year, starts_on=start, ends_on=start + timedelta(days=4), notes="Visa.")
        rows.call(
            edition,
            opens_on=today - timedelta(days=20),
            abstract_due=today + timedelta(days=40),
            outcome_on=today + timedelta(days=80),
            paper_due=today + timedelta(days=120),
        )
        rows.fee(edition, early_until=today + timedelta(days=100))
        wlic = rows.series("wlic")
        rows.edition(series=wlic, year=2017, city="Wrocław", country="PL", state="held")
        rows.edition(
            series=wlic,
            year=start.year + 1,
            starts_on=None,
            ends_on=None,
            city="",
            country="",
            theme="",
            state="unannounced",
        )
        return edition

    @property
    def of_edition(self) -> dict[str, object]:
        return {"uid": self.edition.uid}

    @property
    def with_editions(self) -> dict[str, object]:
        """An address without parts that shows them."""
        assert self.edition.pk
        return {}

    @cached_property
    def presentation(self) -> Presentation:
        """A returned proposal of two schools in its second version, with an invited third, a comment and a review."""
        row = rows.presentation(
            self.cast.librarian.person, edition=self.edition, school=self.cast.school, state="returned", title="Reading"
        )
        rows.author(row, self.cast.colleague.person, school=self.cast.school, state="invited")
        Abstract.objects.create(presentation=row, number=2, text="Pupils choose and present books.")
        Remark.objects.create(presentation=row, person=self.cast.librarian.person, text="Кестені қосайық.")
        row.moves.create(verb="return", state="returned", actor=self.cast.hq.person, note="Кестені қосыңыз.")
        rows.written(row, self.cast.stranger.person)
        PresentationFile.objects.create(presentation=row, title="Page", url="https://example.kz/", kind="link")
        return row

    @cached_property
    def proposed(self) -> Presentation:
        """In blind review: one review is awaited."""
        row = rows.presentation(
            self.cast.librarian.person, edition=self.edition, state="proposed", blind=True, school=self.cast.school
        )
        rows.review(row, self.cast.stranger.person)
        return row

    @cached_property
    def review(self) -> Review:
        return self.proposed.reviews.get()

    @cached_property
    def given(self) -> Presentation:
        """What everybody may see, with slides."""
        person = self.cast.librarian.person
        row = rows.presentation(
            self.cast.librarian.person,
            edition=self.edition,
            state="awarded",
            award="Best poster",
            school=self.cast.school,
        )
        person = self.cast.librarian.person
        kept = files.keep(
            upload=files.Upload("slides.pdf", "pdf", pdf()), owner=person, actor=self.cast.librarian.actor
        )
        PresentationFile.objects.create(presentation=row, kind="slides", title="Slides", file=kept, added_by=person)
        return row

    @property
    def slides(self) -> dict[str, object]:
        return {"uid": self.given.uid, "file_uid": self.given.files.get().uid}

    @property
    def with_presentations(self) -> dict[str, object]:
        assert all((self.presentation, self.given, self.review))
        return {}
