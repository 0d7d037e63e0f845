"""Who gets in where: conferences and presentations."""

from tests.doors import LEADERS, MANAGERS, OFFICES, SIGNED_IN, Door, World

EDITIONS = [
    Door("conferences:editions", SIGNED_IN, lambda w: w.with_editions),
    Door("conferences:edition", SIGNED_IN, lambda w: w.of_edition),
    Door("conferences:edition_new", MANAGERS),
    Door("conferences:edition_edit", MANAGERS, lambda w: w.of_edition),
]

INSIDERS = OFFICES | LEADERS | {"librarian", "colleague"}
OTHERS = INSIDERS - {"colleague"}
"""Of a proposal on which the colleague was not asked."""


def returned(world: World) -> dict[str, object]:
    return {"uid": world.presentation.uid}


PRESENTATIONS = [
    Door("conferences:presentations", SIGNED_IN, lambda w: w.with_presentations, reader="stranger"),
    Door("conferences:presentation_new", SIGNED_IN, lambda w: w.with_editions),
    Door("conferences:presentation", INSIDERS, returned),
    Door("conferences:presentation", INSIDERS, returned, about="for one asked", reader="colleague"),
    Door("conferences:presentation", OTHERS, lambda w: {"uid": w.proposed.uid}, about="in review", reader="hq"),
    Door("conferences:presentation", SIGNED_IN, lambda w: {"uid": w.given.uid}, about="given", reader="stranger"),
    Door("conferences:presentation_edit", frozenset(["librarian"]), returned),
    Door("conferences:presentation_versions", OFFICES | {"librarian", "colleague"}, returned),
    *(
        Door(f"conferences:{deed}", INSIDERS, returned, post=True)
        for deed in ("presentation_move", "ask_author", "answer_author", "remark", "add_material", "ask_reviewer")
    ),
    Door(
        "conferences:take_out_author",
        INSIDERS,
        lambda w: {"uid": w.presentation.uid, "author_uid": w.presentation.authors.last().uid},
        post=True,
    ),
    Door("conferences:material", SIGNED_IN, lambda w: w.slides),
    Door("conferences:remove_material", SIGNED_IN, lambda w: w.slides, post=True),
    Door(
        "conferences:lift_review",
        OTHERS,
        lambda w: {"uid": w.proposed.uid, "review_uid": w.review.uid},
        post=True,
    ),
    Door("conferences:review", frozenset(["stranger"]), lambda w: {"uid": w.review.uid}),
]
