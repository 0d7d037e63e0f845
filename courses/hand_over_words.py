"""How a hand-over is told on pages: in one sentence, to each of those concerned."""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from courses.models import Enrolment, HandOver
from courses.states import HANDING, HandOverState

H = HandOverState


def mark(applications: Iterable[Enrolment]) -> None:
    """Adds `hand_over_words` to each whose place is being handed over, or comes from a colleague. One query."""
    rows_by_key = {row.pk: row for row in applications}
    for key, words in _beside(rows_by_key.keys()).items():
        rows_by_key[key].hand_over_words = words  # type: ignore[attr-defined]


def _beside(keys: Collection[int]) -> dict[int, str]:
    if not keys:
        return {}
    rows = HandOver.objects.filter(Q(enrolment__in=keys) | Q(taker__in=keys), state__in=(*HANDING, H.DONE))
    found: dict[int, str] = {}
    for row in rows.select_related("enrolment__person", "to", "taker").order_by("id"):
        found[row.enrolment_id] = to_whom(row)
        if row.taker and row.taker.school_id == row.enrolment.school_id:
            found[row.taker.pk] = from_whom(row)
    return {key: words for key, words in found.items() if key in keys}


def to_whom(row: HandOver) -> str:
    """Beside the one who has, or had, the place."""
    words = {
        H.ASKED: _("Hands the place over, asked: %(name)s"),
        H.AGREED: _("Hands the place over, approval awaited: %(name)s"),
        H.DONE: _("Place handed to: %(name)s"),
    }
    return words[H(row.state)] % {"name": row.to.full_name}


def from_whom(row: HandOver) -> str:
    """Beside the colleague: the place is that of another until it has passed."""
    words = _("Place taken over from: %(name)s") if row.state == H.DONE else _("Hand-over of the place of: %(name)s")
    return words % {"name": row.enrolment.person.full_name}
