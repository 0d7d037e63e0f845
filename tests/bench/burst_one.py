"""One run of 300 seats opens: see `bursts`."""

from tests.bench import bursts
from tests.bench.measure import Line


def measure() -> Line:
    return bursts.measure("burst_one", runs=1)
