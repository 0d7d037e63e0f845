"""Doors of allocations, wishes and appeals."""

from tests.doors import LEADERS, MANAGERS, OFFICES, SIGNED_IN, Door

ALLOCATIONS = [
    Door("courses:run_allocation", MANAGERS, lambda w: {"uid": w.run.uid}),
    Door("courses:run_allocation", MANAGERS, lambda w: {"uid": w.gathering.run.uid}, about="gathering"),
    Door(
        "courses:run_allocation",
        MANAGERS,
        lambda w: {"uid": w.proposal.intake.runs.first().uid},
        about="with a proposal",
    ),
    *(
        Door(f"courses:{deed}_allocation", MANAGERS, lambda w: {"uid": w.draft.uid}, post=True)
        for deed in ("open", "close", "propose")
    ),
    Door("courses:allocation", MANAGERS, lambda w: w.proposed_allocation),
    Door("courses:allocation", MANAGERS, lambda w: {"uid": w.published.uid}, about="published"),
    Door("courses:compare_allocation", MANAGERS, lambda w: w.proposed_allocation),
    *(
        Door(f"courses:{deed}_allocation", MANAGERS, lambda w: w.proposed_allocation, post=True)
        for deed in ("repeat", "publish", "drop")
    ),
    *(
        Door(f"courses:allocation_{what}", MANAGERS, lambda w: w.proposed_allocation)
        for what in ("table", "inputs", "result")
    ),
    Door("courses:edit_allocation", MANAGERS, lambda w: w.proposed_applicant),
    Door("courses:appeals", SIGNED_IN, lambda w: w.having("appeal"), reader="hq"),
    Door("courses:appeals", SIGNED_IN, about="of nobody"),
    Door("courses:appeal_answer", MANAGERS, lambda w: {"uid": w.appeal.uid}),
    Door("courses:sharing_rules", SIGNED_IN, lambda w: w.having("other_version"), reader="librarian"),
    Door("courses:sharing_rules", SIGNED_IN, lambda w: w.having("other_version"), about="as HQ sees it", reader="hq"),
    Door(
        "courses:school_outcomes",
        LEADERS | {"other_director"},
        lambda w: w.having("published"),
        reader="other_director",
    ),
    Door("courses:school_outcomes", LEADERS | {"other_director"}, about="of nobody"),
    Door("courses:wishes", frozenset(["librarian"]), lambda w: {"uid": w.gathering.uid}),
    Door("courses:enrolment", OFFICES | LEADERS | {"librarian"}, lambda w: {"uid": w.gathering.uid}, about="pooled"),
    Door(
        "courses:enrolment",
        OFFICES | LEADERS | {"librarian"},
        lambda w: {"uid": w.without_place.uid},
        about="after an allocation",
    ),
    Door("courses:appeal", OFFICES | LEADERS | {"librarian"}, lambda w: {"uid": w.without_place.uid}, post=True),
]
