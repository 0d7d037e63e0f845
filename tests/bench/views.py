"""The limits, as views that are otherwise empty: they stand behind the same server, middleware and database."""

import pickle
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.utils import timezone

from courses.states import HOLDING, EnrolmentState, RunState
from schools.models.base import make_uid
from tests.bench.statements import Bulk, Recording, Statement

PER_PAGE = 20
ROWS = """
SELECT r.uid, c.title_kk, c.kind, c.hours, c.format, r.starts_on, r.ends_on, r.country, r.place_kk, r.language,
    r.capacity, r.opens_at, r.closes_at, n.short_kk, s.city_kk,
    (SELECT count(*) FROM courses_enrolment e WHERE e.run_id = r.id AND e.state = ANY(%s)),
    (SELECT count(*) FROM courses_enrolment e WHERE e.run_id = r.id AND e.state = %s),
    (SELECT string_agg(a.role, ',' ORDER BY a."order") FROM courses_approvalstep a WHERE a.chain_id = r.chain_id)
FROM courses_run r JOIN courses_course c ON c.id = r.course_id
    LEFT JOIN schools_school s ON s.id = r.host_id
    LEFT JOIN schools_schoolname n ON n.school_id = s.id AND n.valid_to IS NULL
WHERE r.state = %s AND (r.ends_on IS NULL OR r.ends_on >= %s)
ORDER BY r.starts_on NULLS LAST, r.id LIMIT %s
"""
"""What a card of the catalogue shows, in one query."""

BARE = Template(
    "<!doctype html><title>.</title>"
    "{% for row in rows %}<p>{% for field in row %}{{ field }} {% endfor %}</p>{% endfor %}"
)


def rows(request: HttpRequest) -> HttpResponse:
    """As many rows with the same fields as the first page of the catalogue, in a bare template."""
    wanted = [list(HOLDING), EnrolmentState.WAITING, RunState.PUBLISHED, timezone.localdate(), PER_PAGE]
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [str(value) if isinstance(value, str) else value for value in wanted])
        found = cursor.fetchall()
    return HttpResponse(BARE.render(Context({"rows": found})))


RECORDING = Path(settings.DATA_DIR) / "application.recording"
QUEUED = Path(settings.DATA_DIR) / "queued.recording"
PROMOTION = Path(settings.DATA_DIR) / "promotion.recording"
SIGNUP = Path(settings.DATA_DIR) / "signup.recording"
ATTENDANCE = Path(settings.DATA_DIR) / "attendance.recording"
SEARCHES = Path(settings.DATA_DIR) / "searches.recording"


@cache
def application(name: str) -> Recording:
    """The statements of one application that did or did not get a seat, as the measure has recorded them."""
    return pickle.loads((RECORDING.parent / name).read_bytes())


def statements(request: HttpRequest) -> HttpResponse:
    """The statements of an application, in their order, with the keys of another person and run."""
    fresh = request.POST
    application(fresh["recording"]).replay(
        session=fresh["session"],
        user=int(fresh["user"]),
        person=int(fresh["person"]),
        run=int(fresh["run"]),
        run_uid=fresh["run_uid"],
    )
    return HttpResponse("done")


@cache
def withdrawal() -> Recording:
    """The statements of one withdrawal and of the promotion after it, as the measure has recorded them."""
    return pickle.loads(PROMOTION.read_bytes())


def promotion(request: HttpRequest) -> HttpResponse:
    """The statements of a withdrawal and a promotion, in their order, for another leaver, taker and run."""
    kinds = {name: type(value) for name, value in withdrawal().keys.items()}
    withdrawal().replay(**{name: kind(request.POST[name]) for name, kind in kinds.items()})
    return HttpResponse("done")


@cache
def guest() -> Recording:
    """The statements of one guest's sign-up, as the measure has recorded them."""
    return pickle.loads(SIGNUP.read_bytes())


def sign_up(request: HttpRequest) -> HttpResponse:
    """The statements of a sign-up, in their order, for another guest and run."""
    fresh = request.POST
    guest().replay(
        run=int(fresh["run"]),
        run_uid=fresh["run_uid"],
        email=fresh["email"],
        person_uid=make_uid(),
        signup_uid=make_uid(),
    )
    return HttpResponse("done")


@cache
def attendance() -> Bulk:
    """The statements that mark a hall and give its certificates, as the measure has recorded them."""
    return pickle.loads(ATTENDANCE.read_bytes())


def bulk_attendance(request: HttpRequest) -> HttpResponse:
    """The statements of marking and certifying, in their order, for the same people."""
    attendance().replay()
    return HttpResponse("done")


@cache
def searches() -> list[list[Statement]]:
    """The statements of each letter that is typed, as the measure has recorded them."""
    return pickle.loads(SEARCHES.read_bytes())


def search(request: HttpRequest) -> HttpResponse:
    """The statements of one of the letters, in their order."""
    with connection.cursor() as cursor:
        for one in searches()[int(request.GET["at"])]:
            cursor.execute(one.sql, one.params)
            cursor.fetchall()
    return HttpResponse("done")
