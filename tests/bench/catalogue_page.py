"""The catalogue's first page, as visitors see it, against one query and as many rows in a bare template."""

from tests.bench import sizes, web
from tests.bench.measure import Line, more_is_better

PAGE, LIMIT, CLIENTS = "/kk/courses/", "/limit/rows/", 4


def measure() -> Line:
    page, limit = web.request(PAGE), web.request(LIMIT)
    with web.server() as port:
        for message in (page, limit):
            web.drive(port, [message] * sizes.count(200, 8), clients=web.WARM_CLIENTS, status=200)
        value, best = web.side_by_side(
            sizes.ROUNDS,
            lambda: web.drive(port, [page] * sizes.count(300, 8), clients=CLIENTS, status=200),
            lambda: web.drive(port, [limit] * sizes.count(1000, 8), clients=CLIENTS, status=200),
        )
    note = (
        f"{CLIENTS} clients, nobody signed in; the limit is one query and the same rows and fields in a bare template"
    )
    return more_is_better("catalogue_page", value, "requests/s", best, note)
