"""Pages of the chain of effect: the network by year, one trip, one traveller, one conference; rows, and files."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conferences import effect_picture as picture
from conferences import effect_queries, effect_scopes, effect_tables, sharing_access
from conferences.effect_queries import Effect
from conferences.effect_scopes import Scope
from conferences.effect_tables import Reader
from conferences.views.room import room_tabs
from schools import audit, workbooks
from schools.entry import SIGNED_IN, entry
from schools.models import Person, Region
from schools.states import Role

ROWS_ON_A_PAGE = 50
FORMS = ("xlsx", "csv")


@require_safe
@entry(SIGNED_IN)
def effect_of_all(request: HttpRequest) -> HttpResponse:
    return _page(request, effect_scopes.YEAR, effect_scopes.ALL)


@require_safe
@entry(SIGNED_IN)
def effect_of(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    return _page(request, kind, key)


def _page(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    scope, effect, reader = _read(request, kind, key)
    nodes, cut = picture.tree(effect, reader)
    context = {
        "scope": scope,
        "effect": effect,
        "tiles": picture.tiles(scope, effect, reader),
        "steps": picture.steps(scope, effect, reader),
        "marks": picture.marks(scope, effect),
        "lines": picture.lines(effect),
        "nodes": nodes,
        "cut": cut,
        "links": _links(scope, request),
        "years": effect_scopes.years(reader.today) if kind == effect_scopes.YEAR else [],
        "tabs": room_tabs("effect", request.actor),
        "trail": _trail(scope, page=True),
    }
    return render(request, "conferences/effect/effect.html", context)


@require_safe
@entry(SIGNED_IN)
def effect_rows(request: HttpRequest, kind: str, key: str, rows: str) -> HttpResponse:
    scope, table, reader = _table(request, kind, key, rows)
    context = {
        "scope": scope,
        "table": table,
        "rows": rows,
        "forms": FORMS,
        "region": reader.region,
        "page_obj": Paginator(table.lines, ROWS_ON_A_PAGE).get_page(request.GET.get("page")),
        "links": _links(scope, request),
        "trail": _trail(scope, page=False),
    }
    return render(request, "conferences/effect/rows.html", context)


@require_safe
@entry(SIGNED_IN)
def effect_file(request: HttpRequest, kind: str, key: str, rows: str, form: str) -> HttpResponse:
    scope, table, _reader = _table(request, kind, key, rows)
    if form not in FORMS:
        raise Http404
    title, cells = f"{scope.title} · {table.title}", [line.cells for line in table.lines]
    body = workbooks.table_file(form, name=table.title, title=title, heads=table.heads, rows=cells)
    return workbooks.response(body, name=f"chain-{scope.kind}-{scope.key}-{rows}-{get_language()}.{form}")


def _read(request: HttpRequest, kind: str, key: str) -> tuple[Scope, Effect, Reader]:
    today, actor = timezone.localdate(), request.actor
    scope = effect_scopes.scope_of(kind, key, actor=actor, today=today)
    if scope is None:
        raise Http404
    effect = effect_queries.effect_of(scope, today=today)
    own = actor.person_id in effect.travellers and kind in (effect_scopes.TRIP, effect_scopes.PERSON)
    finance = actor.has(Role.FINANCE)
    costs = own or sharing_access.may_see_costs(actor, schools=_leading(scope, effect), has_finance=finance)
    region = Region.objects.filter(iso=request.GET.get("region", "")[:10].replace("\0", "")).first()
    return scope, effect, Reader(actor, today, costs, region)


def _leading(scope: Scope, effect: Effect) -> set[int | None]:
    """Schools whose leaders see the costs: of one trip or one person; sums of several schools are the offices'."""
    return set(effect.schools) if scope.kind in (effect_scopes.TRIP, effect_scopes.PERSON) else set()


def _table(request: HttpRequest, kind: str, key: str, rows: str) -> tuple[Scope, effect_tables.Table, Reader]:
    """The rows that are meant. Reading the names of those who came stands in the ledger."""
    if rows not in effect_tables.TABLES:
        raise Http404
    if not effect_tables.may_open(request.actor, rows):
        raise PermissionDenied
    scope, effect, reader = _read(request, kind, key)
    if rows in effect_tables.OF_OFFICES:
        reading = {"rows": (None, f"{scope.kind} {scope.key}: {rows}")}
        subject = Person.objects.get(pk=request.actor.person_id)
        audit.record(actor=request.actor, verb="chain.read_people", subject=subject, changes=reading)
    return scope, effect_tables.TABLES[rows](effect, reader), reader


def _links(scope: Scope, request: HttpRequest) -> list[tuple[str, str, str]]:
    """Every table that the reader may open."""
    names = {
        "trips": _("Trips"),
        "promises": _("Promises"),
        "seminars": _("Seminars"),
        "later": _("Second generation"),
        "schools": _("Schools"),
        "regions": _("Regions"),
        "people": _("People"),
    }
    return [
        (label, picture.rows_url(scope, name), name)
        for name, label in names.items()
        if effect_tables.may_open(request.actor, name)
    ]


def _trail(scope: Scope, *, page: bool) -> list[tuple[str, str]]:
    whole = scope.kind == effect_scopes.YEAR and scope.key == effect_scopes.ALL
    trail = [(_("Conferences"), reverse("conferences:editions"))]
    if not (page and whole):
        trail.append((_("Chain of effect"), reverse("conferences:effect")))
    if not page and not whole:
        trail.append((scope.title, reverse("conferences:effect_of", args=[scope.kind, scope.key])))
    return trail
