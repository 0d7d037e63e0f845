"""Who gets in where: places for a conference, and applications for them."""

from tests.doors import LEADERS, MANAGERS, OFFICES, SIGNED_IN, Door

PLACES = [
    Door("conferences:delegation", SIGNED_IN, lambda w: w.of_places),
    Door("conferences:delegation", SIGNED_IN, lambda w: w.of_places, about="for the committee", reader="hq"),
    Door("conferences:delegation", SIGNED_IN, lambda w: w.of_open_places, about="open", reader="librarian"),
    Door("conferences:delegation", frozenset(), lambda w: w.of_edition, about="of none"),
    Door("conferences:delegation_edit", MANAGERS, lambda w: w.of_places),
    Door("conferences:delegation_edit", MANAGERS, lambda w: w.of_edition, about="of none yet"),
    *(
        Door(f"conferences:{deed}", SIGNED_IN, lambda w: w.of_open_places, post=True)
        for deed in ("wish_save", "wish_withdraw")
    ),
    Door("conferences:places_proposal", MANAGERS, lambda w: w.of_places),
    Door("conferences:places_proposal", MANAGERS, lambda w: w.of_proposed_places, about="with rows"),
    Door("conferences:places_proposal", MANAGERS, lambda w: w.of_shared_places, about="published"),
    *(
        Door(f"conferences:places_{deed}", MANAGERS, lambda w: w.of_proposed_places, post=True)
        for deed in ("propose", "drop", "change", "publish")
    ),
    Door("conferences:delegation", SIGNED_IN, lambda w: w.of_shared_places, about="published", reader="librarian"),
    Door(
        "conferences:wish",
        OFFICES | LEADERS | {"librarian"},
        lambda w: w.of_shared("librarian"),
        about="with a place",
        reader="librarian",
    ),
    Door(
        "conferences:wish",
        OFFICES | {"stranger", "other_director"},
        lambda w: w.of_shared("stranger"),
        about="with an appeal",
        reader="hq",
    ),
    Door(
        "conferences:wish_appeal",
        OFFICES | {"stranger", "other_director"},
        lambda w: w.of_shared("stranger"),
        post=True,
    ),
    Door("conferences:wish_answer", MANAGERS, lambda w: w.of_shared("stranger"), post=True),
    Door("conferences:wish", OFFICES | LEADERS | {"librarian"}, lambda w: w.of_wish("librarian"), reader="hq"),
    Door("conferences:wish", OFFICES | {"stranger", "other_director"}, lambda w: w.of_wish("stranger"), about="other"),
    Door("conferences:edition", SIGNED_IN, lambda w: w.of_places, about="with places"),
]
