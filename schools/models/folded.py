"""A column that search looks into: the folded text of other columns of the same row."""

from collections.abc import Sequence
from typing import Any

from django.db import models

from schools.folding import fold


class FoldedField(models.TextField):
    """Holds `fold()` of the columns named in `sources`, written anew by `save()` and by `bulk_create()`.

    `bulk_update()` and `save(update_fields=...)` write only what they are told: name this column too.
    """

    def __init__(self, *args: Any, sources: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.sources = sources
        super().__init__(*args, **{"editable": False, "blank": True, "default": "", **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """A migration sees a plain text column, since migrations import no code of the portal."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def pre_save(self, instance: models.Model, add: bool) -> str:
        key = fold(" ".join(str(getattr(instance, source) or "") for source in self.sources))
        setattr(instance, self.attname, key)
        return key


def holds_words(column: str, text: str) -> models.Q:
    """Rows whose folded column holds every word of `text`, in any order. No words: every row."""
    found = models.Q()
    for word in fold(text).split():
        found &= models.Q(**{f"{column}__contains": word})
    return found
