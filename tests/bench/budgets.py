"""Statements that a page may send; a page that is not named here may send what it does."""

BUDGETS: dict[str, int] = {}
