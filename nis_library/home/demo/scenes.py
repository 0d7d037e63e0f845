"""The runs around today, as data: what a visitor of the demonstration finds in the catalogue."""

from dataclasses import dataclass

from courses.states import RunState


@dataclass(frozen=True, slots=True)
class Scene:
    """One run and how full it is. `starts_in` counts days from today; None leaves the dates to be announced.

    `pending` stands at the first approval step, `further` at the second; `own` of the pending ones come from
    the shown school. `shown` is the state of the shown librarian in this run. `opens_in` is for a window
    that lies ahead, `shut` for one that is over.
    """

    code: str
    starts_in: int | None
    capacity: int
    confirmed: int = 0
    waiting: int = 0
    pending: int = 0
    own: int = 0
    further: int = 0
    returned: int = 0
    declined: int = 0
    withdrawn: int = 0
    shown: str = ""
    state: str = RunState.PUBLISHED
    opens_in: int | None = None
    shut: bool = False
    language: str = "kk"
    mine: bool = False
    """Taught by the shown trainer."""
    region: str = ""
    """ISO code of the region whom a seminar for all schools is for, and where it is held unless online."""
    school_limit: int | None = None


SCENES = (
    Scene("active-reading-methods", -9, 80, confirmed=66, withdrawn=3, mine=True, region="KZ-55", school_limit=5),
    Scene("reading-room-space", -8, 20, confirmed=17, withdrawn=1, shown="confirmed", mine=True),
    Scene("professional-english", -15, 20, confirmed=19, declined=1, language="en"),
    Scene("ebsco-britannica-search", -4, 25, confirmed=22, withdrawn=2, mine=True),
    Scene("cataloguing-marc21", 5, 20, confirmed=17, declined=1, shut=True, shown="confirmed"),
    Scene("one-lesson-together", -3, 120, confirmed=97, language="ru", region="KZ-63"),
    Scene("planning-reporting", 6, 24, confirmed=9, pending=2),
    Scene("copyright-webinar", 7, 300, confirmed=212, language="ru"),
    Scene("free-online-resources", 10, 200, confirmed=137),
    Scene("information-literacy-lessons", 13, 12, confirmed=12, waiting=5, withdrawn=1, mine=True),
    Scene("research-projects-support", 15, 80, confirmed=52, region="KZ-31", school_limit=4),
    Scene("koha-first-steps", 16, 20, confirmed=6, state=RunState.CANCELLED),
    Scene("generative-ai-library", 19, 25, confirmed=9, pending=4, own=2, returned=1, shown="confirmed", mine=True),
    Scene("textbooks-accounting", 21, 150, confirmed=64, language="ru"),
    Scene("ifla-guidelines-manifesto", 23, 60, confirmed=31, language="ru", region="KZ-27"),
    Scene("media-literacy-facts", 24, 24, confirmed=11, pending=2, own=1, language="ru"),
    Scene("managing-a-library", 27, 18, confirmed=6, pending=5, own=2, further=4, returned=1, declined=1),
    Scene("ten-short-lessons", 31, 120, confirmed=120, waiting=17),
    Scene("research-projects-support", 33, 40, confirmed=40, waiting=9, region="KZ-43", school_limit=3),
    Scene("academic-integrity-citation", 35, 30, confirmed=12, pending=3, own=1, shown="pending"),
    Scene("active-reading-methods", 38, 80, confirmed=21, region="KZ-10", school_limit=5),
    Scene("storytelling-three-languages", 42, 24, confirmed=3, pending=2),
    Scene("one-lesson-together", 45, 100, confirmed=12, region="KZ-33"),
    Scene("training-adults", 48, 18, confirmed=4, shown="nominated", mine=True),
    Scene("reading-games-clubs", 56, 25, language="ru"),
    Scene("ifla-guidelines-manifesto", 59, 60, confirmed=4, region="KZ-39"),
    Scene("summer-reading-webinar", 61, 200, opens_in=9),
    Scene("ib-school-library", 63, 20, state=RunState.DRAFT, language="en"),
    Scene("research-to-iasl", 84, 16, opens_in=12),
    Scene("placement-library-abroad", 110, 8, confirmed=2, pending=1, own=1, further=3, language="en"),
    Scene("guided-inquiry", None, 24),
    Scene("what-directors-ask", None, 150, language="ru"),
)
