"""A school looked up letter by letter, as a guest types it, against the same statements sent by cursor.

The time is what one client waits for an answer over a kept connection: the server's, and the little that a socket
of the same machine adds.
"""

import pickle
from collections.abc import Iterator
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from schools.generated import generate_schools
from schools.models import School
from tests.bench import sizes, statements, views, web
from tests.bench.measure import Line, less_is_better

PATH = "/kk/schools/search/"
NAMED, EVERY_THIRD = 12, 3
"""So many schools are looked up, and every third in its region."""


def typed() -> Iterator[dict[str, str]]:
    """What is asked for on every letter of «№ 12 Талғар», for schools from all over the directory."""
    rows = School.objects.filter(kind="general").select_related("region").prefetch_related("names").order_by("pk")
    step = max(1, rows.count() // sizes.count(NAMED, 2))
    for at, school in enumerate(rows[::step]):
        name = " ".join(school.short_name(language="kk").split()[:2])
        region = {"region": school.region.iso} if at % EVERY_THIRD == 2 else {}
        text = f"{name} {school.city_kk}"
        yield from ({"q": text[:end], **region} for end in range(1, len(text) + 1) if text[end - 1] != " ")


def record(asked: list[str]) -> list[list[statements.Statement]]:
    """What each of these pages sends to the database."""
    client, found = Client(headers={"host": settings.SITE_HOST}), []
    client.get(asked[0], secure=True)  # templates and such are read once
    for path in asked:
        with statements.recorded() as sent:
            answer = client.get(path, secure=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered with {answer.status_code}")
        found.append(sent)
    return found


def measure(number: int) -> Line:
    schools = sizes.count(number, number // 100)
    call_command("load_reference", verbosity=0)
    generate_schools(schools)
    asked = [f"{PATH}?{urlencode(one)}" for one in typed()]
    sent = record(asked)
    views.SEARCHES.write_bytes(pickle.dumps(sent))
    real = [web.request(path) for path in asked]
    bare = [web.request(f"/limit/search/?at={at}") for at in range(len(asked))]
    with web.server() as port:
        for messages in (real, bare):
            web.drive(port, messages[: sizes.count(100, 8)], clients=web.WARM_CLIENTS, status=200)
        value, limit = web.side_by_side(
            sizes.ROUNDS,
            lambda: web.percentile(web.waited(port, real, status=200), 95),
            lambda: web.percentile(web.waited(port, bare, status=200), 95),
        )
    most = max(map(len, sent))
    note = f"{schools} schools, 95th percentile of {len(asked)} letters, one client; at most {most} statements a letter"
    return less_is_better(f"school_search_{number}", value, "ms", limit, note)
