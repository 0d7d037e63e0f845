"""Finding a school by what people remember of it, on every letter typed, among tens of thousands."""

from functools import reduce
from operator import add

from django.db import connection
from django.db.models import Case, Count, QuerySet, Value, When, Window

from schools.models import Region, School, SchoolRequest
from schools.models.words import words_of

INDEX = "school_search_trigrams"
CANDIDATES = 500
"""So many are ranked, so that a letter that begins a word of every school costs no more than another."""
MOST_LETTERS = 200
MOST_WORDS = 8
COMMON = frozenset(
    words_of(
        "мектеп мектебі школа школы school жалпы білім беретін орта негізгі бастауыш общеобразовательная средняя"
        " основная general education secondary облысы область region қаласы город г city ауданы аудан район district"
        " ауылы ауыл село с village номер нөмір no n"
    )
)
"""Words of nearly every school: they tell nothing beside another word."""


def search_schools(text: str, *, region: Region | None = None, limit: int = 20) -> list[School]:
    """Schools of whose key every word of `text` begins some word, the best first; none where nothing is asked.

    Whole words go before beginnings, words of names before those of places. Regions and names are loaded.
    Three or four queries. Where more than CANDIDATES schools fit, those that have the words whole are asked for
    besides, so that none of these is missed; the others are ranked among those that came first.
    """
    words = telling(text)
    if not words:
        return []
    rows = School.objects.filter(archived_at=None)
    if region is not None:
        rows = rows.filter(region=region)
    found, all_ranked = _best(rows, words, "word_start", limit)
    if not all_ranked and not says_little(words[0]):
        whole, _all = _best(rows, words, "word", limit)
        found = list(dict.fromkeys([*whole, *found]))[:limit]
    loaded = School.objects.select_related("region").prefetch_related("names").in_bulk(found)
    return [loaded[pk] for pk in found]


def candidates(request: SchoolRequest, *, limit: int = 5) -> list[School]:
    """Schools of the region that a request may mean, those that fit all of it first. At most twelve queries."""
    words = telling(request.name)
    numbers = " ".join(word for word in words if word.isdigit())
    tries = [f"{request.name} {request.district}", request.name, f"{numbers} {request.district}", *words[:1]]
    found: list[School] = []
    for text in dict.fromkeys(tries):
        if len(found) < limit:
            found += [one for one in search_schools(text, region=request.region, limit=limit) if one not in found]
    return found[:limit]


def telling(text: str) -> list[str]:
    """The words to look for, each once; words of nearly every school only where there is no other."""
    words = list(dict.fromkeys(words_of(text[:MOST_LETTERS])))
    return ([word for word in words if not says_little(word)] or words)[:MOST_WORDS]


def says_little(word: str) -> bool:
    """A word of nearly every school, or what looks like its beginning."""
    return word in COMMON or (len(word) > 2 and any(common.startswith(word) for common in COMMON))


def tidy_index() -> None:
    """After many schools were written. Until it does this by itself, PostgreSQL reads its list of pending entries
    for every letter typed, and chooses its way by the few schools that it knew before.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE schools_school, schools_schoolname")
            cursor.execute("SELECT gin_clean_pending_list(oid) FROM pg_class WHERE relname = %s", [INDEX])


def _best(rows: QuerySet[School], words: list[str], lookup: str, limit: int) -> tuple[list[int], bool]:
    """The best of the candidates, and whether these were all there are."""
    for word in words:
        rows = rows.filter(**{f"search_key__{lookup}": word})
    some = School.objects.filter(pk__in=rows.order_by().values("pk")[:CANDIDATES])
    score = reduce(add, (_worth(word) for word in words))
    ranked = some.annotate(all=Window(Count("pk"))).order_by(score.desc(), "search_key", "pk")
    best = list(ranked.values_list("pk", "all")[:limit])
    return [pk for pk, _ in best], not best or best[0][1] < CANDIDATES


def _worth(word: str) -> Case:
    """How well a word is met: whole in a name, whole in a place, as the beginning of a name, as that of a place."""
    worth = {"name_word": 3, "word": 2, "name_start": 1}
    return Case(*(When(**{f"search_key__{how}": word}, then=Value(n)) for how, n in worth.items()), default=Value(0))
