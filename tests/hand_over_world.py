"""Places on their way to a colleague, for the walk through every address."""

from functools import cached_property

from courses import handing_over, taking_over
from courses.models import Enrolment, HandOver
from tests.cast import Cast
from tests.courses import rows


class HandOverWorld:
    """Rows of hand-overs, written when a line asks for them."""

    cast: Cast

    @cached_property
    def place(self) -> Enrolment:
        """A confirmed place of the librarian, in a run whose applications the director decides."""
        run = rows.run(chain=rows.director_chain())
        return rows.seats(run, [self.cast.librarian.person], school=self.cast.school)[0]

    @cached_property
    def handed(self) -> HandOver:
        """The colleague is asked, and has not answered."""
        run = rows.run(chain=rows.director_chain(), offer_hours=48)
        mine = rows.seats(run, [self.cast.librarian.person], school=self.cast.school)[0]
        to, why = self.cast.colleague.person, "Ауырып қалдым. Орныма сізден басқа лайықты адам жоқ."
        return handing_over.ask(enrolment=mine, to=to, actor=self.cast.librarian.actor, reason=why)

    @cached_property
    def agreed(self) -> HandOver:
        """The colleague agrees, and the director has to decide."""
        run = rows.run(chain=rows.director_chain())
        mine = rows.seats(run, [self.cast.librarian.person], school=self.cast.school)[0]
        asked = handing_over.ask(enrolment=mine, to=self.cast.colleague.person, actor=self.cast.librarian.actor)
        return taking_over.agree(hand_over=asked, actor=self.cast.colleague.actor, reason="Қызықты тақырып")
