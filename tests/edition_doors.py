"""Who gets in where: conferences and presentations."""

from tests.doors import MANAGERS, SIGNED_IN, Door

EDITIONS = [
    Door("conferences:editions", SIGNED_IN, lambda w: w.with_editions),
    Door("conferences:edition", SIGNED_IN, lambda w: w.of_edition),
    Door("conferences:edition_new", MANAGERS),
    Door("conferences:edition_edit", MANAGERS, lambda w: w.of_edition),
]
