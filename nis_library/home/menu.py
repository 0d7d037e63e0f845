"""The menu: which rooms the reader can enter."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    url: str
    here: bool


def menu(request: HttpRequest) -> dict[str, object]:
    """Template context: `menu` (items in order), `demo_mode`, `languages` (code, short name, address)."""
    places = [(_("Courses"), "courses:catalogue", True)]
    path = request.path
    items = [Item(label, url := reverse(name), path.startswith(url)) for label, name, shown in places if shown]
    return {"menu": items, "demo_mode": settings.DEMO}
