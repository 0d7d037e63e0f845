"""Who gets in where: the chain of effect."""

from tests.doors import OFFICES, SIGNED_IN, Door

OWN = OFFICES | {"librarian", "director", "deputy"}
EFFECT = [
    Door("conferences:effect", SIGNED_IN, lambda w: w.with_effect),
    Door("conferences:effect_of", SIGNED_IN, lambda w: w.effect("year"), about="a year"),
    Door("conferences:effect_of", frozenset(), lambda w: {"kind": "year", "key": "last"}, about="no year"),
    Door("conferences:effect_of", SIGNED_IN, lambda w: w.effect("trip"), about="a trip"),
    Door("conferences:effect_of", frozenset(), lambda w: w.effect("draft"), about="a trip not approved"),
    Door("conferences:effect_of", OWN, lambda w: w.effect("person"), about="a person", reader="hq"),
    Door("conferences:effect_of", SIGNED_IN, lambda w: w.effect("edition"), about="a conference"),
    *(
        Door("conferences:effect_rows", SIGNED_IN, lambda w, name=name: {**w.effect("trip"), "rows": name}, about=name)
        for name in ("trips", "promises", "seminars", "later", "schools", "regions")
    ),
    Door("conferences:effect_rows", OFFICES, lambda w: {**w.effect("trip"), "rows": "people"}, about="people"),
    Door("conferences:effect_rows", OWN, lambda w: {**w.effect("person"), "rows": "trips"}, about="of a person"),
    Door("conferences:effect_rows", frozenset(), lambda w: {**w.effect("trip"), "rows": "secrets"}, about="none"),
    Door("conferences:effect_file", SIGNED_IN, lambda w: {**w.effect("trip"), "rows": "schools", "form": "xlsx"}),
    Door(
        "conferences:effect_file",
        OFFICES,
        lambda w: {**w.effect("trip"), "rows": "people", "form": "csv"},
        about="people",
    ),
    Door(
        "conferences:effect_file",
        frozenset(),
        lambda w: {**w.effect("trip"), "rows": "schools", "form": "exe"},
        about="of no kind",
    ),
]
