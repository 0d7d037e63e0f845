"""Who gets in where: papers, accounts and reports of trips."""

from tests.doors import OFFICES, SIGNED_IN, Door

TRAVELLERS = frozenset(["librarian", "stranger"])
ACCOUNT = OFFICES | TRAVELLERS | {"finance"}
SEES = ACCOUNT | {"director", "deputy", "other_director"}
READS_PASSPORT = frozenset(["librarian", "hq", "finance"])
COMING_BACK = [
    Door("conferences:trip_documents", SEES, lambda w: {"uid": w.back_trip.uid}),
    Door(
        "conferences:trip_documents", SEES, lambda w: {"uid": w.back_trip.uid}, about="for a leader", reader="director"
    ),
    Door("conferences:document", SEES, lambda w: w.paper("invitation")),
    Door("conferences:document", READS_PASSPORT, lambda w: w.paper("passport"), about="that is a passport"),
    Door("conferences:drop_document", SEES, lambda w: w.paper("passport"), post=True),
    Door("conferences:account", ACCOUNT, lambda w: {"uid": w.back_trip.uid}),
    Door(
        "conferences:account",
        OFFICES | {"colleague", "finance"},
        lambda w: {"uid": w.done_trip.uid},
        about="to decide",
        reader="finance",
    ),
    *(
        Door(f"conferences:{deed}_account", ACCOUNT, lambda w: {"uid": w.back_trip.uid}, post=True)
        for deed in ("start", "send", "take_back", "decide")
    ),
    Door("conferences:new_account_line", TRAVELLERS, lambda w: {"uid": w.back_trip.uid}),
    Door("conferences:account_line", TRAVELLERS, lambda w: w.of_line),
    Door("conferences:drop_account_line", TRAVELLERS, lambda w: w.of_line, post=True),
    Door("conferences:receipt", ACCOUNT, lambda w: w.of_receipt),
    Door("conferences:drop_receipt", ACCOUNT, lambda w: w.of_receipt, post=True),
    Door("conferences:written", TRAVELLERS, lambda w: {"uid": w.back_trip.uid}),
    Door("conferences:written", SIGNED_IN, lambda w: {"uid": w.done_trip.uid}, about="open to colleagues"),
    Door("conferences:write_report", TRAVELLERS, lambda w: {"uid": w.back_trip.uid}),
    Door("conferences:publish_report", TRAVELLERS, lambda w: {"uid": w.back_trip.uid}, post=True),
    Door("conferences:hide_report", SIGNED_IN, lambda w: {"uid": w.done_trip.uid}, post=True),
    Door("conferences:written_reports", SIGNED_IN, lambda w: w.with_reports),
    Door("conferences:reports_due", OFFICES | {"finance"}, lambda w: w.with_reports),
]
