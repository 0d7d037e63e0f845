"""Who gets in where: budgets, rates and per diem norms."""

from tests.doors import LEADERS, MANAGERS, OFFICES, Door

KEEPERS = MANAGERS | {"finance"}
READERS = OFFICES | {"finance"}
ALL_LEADERS = LEADERS | {"other_director"}
OWN = READERS | LEADERS
BUDGETS = [
    Door("conferences:budgets", READERS | ALL_LEADERS),
    Door("conferences:budgets_of", READERS | ALL_LEADERS, lambda w: {"year": w.budget.year}, reader="hq"),
    Door("conferences:budgets_of", frozenset(), lambda w: {"year": 1900}, about="of no year"),
    Door("conferences:budget", OWN, lambda w: w.of_budget),
    Door("conferences:budget", READERS, lambda w: w.of_network, about="of the network"),
    Door("conferences:budget", OWN, lambda w: w.of_empty_budget, about="not planned"),
    Door("conferences:budget_line", OWN, lambda w: {"uid": w.budget.uid}),
    Door("conferences:budget_line", READERS, lambda w: w.network_line, about="of the network"),
    Door("conferences:budget_plan", KEEPERS, lambda w: w.of_budget),
    *(
        Door(
            "conferences:budgets_file",
            READERS | ALL_LEADERS,
            lambda w, kind=kind: {"year": 2027, "kind": kind},
            about=kind,
        )
        for kind in ("xlsx", "csv")
    ),
    *(
        Door("conferences:budget_line_file", OWN, lambda w, kind=kind: {"uid": w.budget.uid, "kind": kind}, about=kind)
        for kind in ("xlsx", "csv")
    ),
    Door("conferences:budgets_file", frozenset(), lambda w: {"year": 2027, "kind": "exe"}, about="of no kind"),
    Door("conferences:budget_correct", KEEPERS, lambda w: w.of_account),
    Door("conferences:budget_correct", frozenset(), lambda w: w.of_no_account, about="of a trip without an account"),
    Door("conferences:rates", READERS, lambda w: w.having("rate")),
    Door("conferences:norms", READERS, lambda w: w.having("rate")),
]
