"""Which addresses are pages a person reads, and who opens each of them in the tests.

Every line of the table of doors that answers GET with a page is one; `FILES` names those that answer with
something else. So a new address cannot escape: `test_access.py` asks for its door, and the door is walked here.
"""

from dataclasses import dataclass

from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.door_table import DOORS
from tests.doors import VISITOR, Door, World

LANGUAGES = ("kk", "ru", "en")
FILES = {
    "root": "leads to the page of the reader's language",
    "healthz": "one word for the load balancer",
    "readyz": "one word for the load balancer",
    "schools:roster_empty": "a spreadsheet",
    "schools:school_import_empty": "a spreadsheet",
    "schools:school_search": "a part of a page",
    "schools:letter_html": "the letter itself, in a frame of its own",
    "schools:letter_calendar": "a calendar file",
    "schools:job_progress": "a part of a page",
    "schools:job_result": "a file",
    "reports:file": "a spreadsheet",
    "conferences:trip_order": "a document",
    "conferences:document": "a file",
    "conferences:receipt": "a file",
    "courses:allocation_table": "a spreadsheet",
    "courses:allocation_inputs": "a file",
    "courses:allocation_result": "a file",
    "courses:sign_in_sheet": "a document",
    "courses:people_file": "a spreadsheet",
    "courses:organise_people_file": "a spreadsheet",
    "courses:certificate_pdf": "a document",
    "guest:certificate": "a document",
    "courses:record_pdf": "a document",
    "course_files:ticket": "leads to the page of the reader's language",
    "course_files:scan_worker": "a script",
    "conferences:material": "a file",
    "course_files:run": "a calendar file",
    "course_files:feed": "a calendar file",
    "conferences:budgets_file": "a spreadsheet",
    "conferences:budget_line_file": "a spreadsheet",
    "conferences:effect_file": "a spreadsheet",
}
READERS = ("librarian", "director", "hq", "administrator", "trainer", "stranger", VISITOR)
"""Who reads a page that several may open: the first of these."""


@dataclass(frozen=True)
class Page:
    door: Door

    @property
    def reader(self) -> str:
        return self.door.reader or next(
            (name for name in READERS if name in self.door.who), min(self.door.who, default=VISITOR)
        )

    @property
    def file_name(self) -> str:
        return f"{self.door.name} {self.door.about}".strip().replace(":", "-").replace(" ", "-")

    def url(self, world: World, language: str) -> str:
        with translation.override(language):
            url = reverse(self.door.name, kwargs=self.door.kwargs(world))
        return url if url.startswith(f"/{language}/") else f"{url}?lang={language}"

    def client(self, world: World) -> Client:
        return Client() if self.reader == VISITOR else getattr(world.cast, self.reader).client()

    def __str__(self) -> str:
        return str(self.door)


VENDOR_PAGES = [
    *(Door(name, frozenset([VISITOR])) for name in ("account_login", "account_reset_password", "mfa_login_webauthn")),
    *(
        Door(name, frozenset(["librarian"]))
        for name in ("account_logout", "account_change_password", "account_email", "mfa_index")
    ),
]
"""Pages of sign-in, drawn by the library in the portal's look."""

PAGES = [Page(door) for door in [*DOORS, *VENDOR_PAGES] if door.who and not door.post and door.name not in FILES]
