"""How many statements each page sends. The inventory of pages is that of the tests."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast, doors
from tests.bench.budgets import BUDGETS
from tests.bench.measure import Line, less_is_better
from tests.pages import PAGES


def counted() -> dict[str, int]:
    """Statements by page, when it is opened a second time: what a process reads once is not counted."""
    world, found = doors.World(cast.build()), {}
    for page in PAGES:
        client, url = page.client(world), page.url(world, "kk")
        client.get(url, follow=True)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(url, follow=True)
        if answer.status_code != 200:
            raise RuntimeError(f"{page} was answered with {answer.status_code}")
        found[str(page)] = len(queries)
    return found


def measure() -> Line:
    found = counted()
    limit = sum(BUDGETS.get(name, count) for name, count in found.items())
    return less_is_better("page_queries", sum(found.values()), "statements", limit, found)
