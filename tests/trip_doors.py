"""Who gets in where: trips, from the request to the order."""

from tests.doors import MANAGERS, OFFICES, SIGNED_IN, Door

ASKERS = frozenset(
    ["librarian", "colleague", "stranger", "director", "deputy", "other_director", "hq", "administrator"]
)
OWNERS = frozenset(["librarian", "stranger"])
LED = frozenset(["director", "deputy", "other_director"])
SENT = OFFICES | {"finance"} | OWNERS | LED
"""Who may open a trip of both schools that was sent."""
PARTS = ("basics", "travellers", "way", "estimate", "promises")
TRIPS = [
    Door("conferences:trips", SIGNED_IN, lambda w: w.with_trips),
    Door("conferences:trip_new", ASKERS),
    Door("conferences:trip", SENT, lambda w: w.of_trip(w.asked_trip), reader="director"),
    Door("conferences:trip", frozenset(["colleague"]), lambda w: w.of_trip(w.draft_trip), about="not sent yet"),
    Door(
        "conferences:trip",
        OFFICES | {"finance", "director", "deputy"},
        lambda w: w.of_trip(w.approved_trip),
        about="of a leader",
    ),
    *(Door(f"conferences:trip_{part}", frozenset(["colleague"]), lambda w: w.of_trip(w.draft_trip)) for part in PARTS),
    *(
        Door(f"conferences:trip_{part}", OWNERS, lambda w: w.of_trip(w.asked_trip), post=True, about="that was sent")
        for part in PARTS
    ),
    *(
        Door(f"conferences:trip_{deed}", OWNERS, lambda w: w.of_trip(w.asked_trip), post=True)
        for deed in ("submit", "take_back", "withdraw", "agree", "refuse")
    ),
    Door("conferences:trip_call_off", SENT, lambda w: w.of_trip(w.asked_trip), post=True),
    Door(
        "conferences:trip_excuse",
        SENT,
        lambda w: {**w.of_trip(w.asked_trip), "person": w.cast.librarian.person.uid},
        post=True,
    ),
    Door("conferences:trip_decisions", SIGNED_IN, lambda w: w.with_trips, reader="director"),
    Door("conferences:trip_approve_several", SIGNED_IN, post=True),
    Door("conferences:trip_decide", SENT, lambda w: w.word, post=True),
    Door(
        "conferences:trip_order",
        OFFICES | {"finance", "director", "deputy"},
        lambda w: {**w.of_trip(w.approved_trip), "language": "kk"},
    ),
    Door(
        "conferences:trip_order",
        frozenset(),
        lambda w: {**w.of_trip(w.asked_trip), "language": "kk"},
        about="of none yet",
    ),
    Door("conferences:route", MANAGERS, lambda w: w.with_trips),
    Door("conferences:route_new", MANAGERS, lambda w: w.with_trips),
    Door("conferences:stand_ins", MANAGERS | {"finance"}, lambda w: w.with_stand_in),
    Door("conferences:stand_in_end", MANAGERS | {"finance"}, lambda w: {"uid": w.stand_in.uid}, post=True),
]
