"""How much each measure does: enough for a steady figure, or next to nothing to see that the bench runs."""

import os

SMALL = os.environ.get("BENCH_SMALL") == "1"


def count(usual: int, small: int) -> int:
    """`usual`, or `small` where the bench itself is being tested (BENCH_SMALL=1)."""
    return small if SMALL else usual


ROUNDS = count(3, 1)
REPORT_SCALE = os.environ.get("BENCH_SCALE", "0.2" if SMALL else "50")
"""The demonstration's scale behind the yearly report: 50 is a million enrolments."""
DEMO_SCALE = "0.1" if SMALL else "1"
