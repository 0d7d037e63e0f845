"""Who gets in where: promises to pass on."""

from tests.doors import LEADERS, MANAGERS, OFFICES, SIGNED_IN, Door

SEEN = OFFICES | LEADERS | {"librarian"}
PROMISES = [
    Door("conferences:promises", SIGNED_IN, lambda w: w.with_promises),
    Door("conferences:promises_of_all", OFFICES | LEADERS | {"other_director"}, lambda w: w.with_promises),
    Door("conferences:promise", SEEN, lambda w: w.promised()),
    Door(
        "conferences:promise", OFFICES | {"stranger", "other_director"}, lambda w: w.promised("stranger"), about="other"
    ),
    Door("conferences:promise", frozenset(), lambda w: w.promised("draft"), about="of a draft"),
    Door("conferences:promise", SEEN, lambda w: w.promised("kept"), about="kept"),
    Door("conferences:promise", SEEN, lambda w: w.promised("excused"), about="excused", reader="hq"),
    *(
        Door(f"conferences:promise_{deed}", MANAGERS, lambda w: w.promised(), post=True)
        for deed in ("excuse", "insist", "plan")
    ),
    *(
        Door(f"conferences:promise_{deed}", SEEN, lambda w: w.promised(), post=True)
        for deed in ("ask", "name", "forget")
    ),
]
