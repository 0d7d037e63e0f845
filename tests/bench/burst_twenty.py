"""Twenty runs open at the same moment, with 15 seats each: see `bursts`."""

from tests.bench import bursts
from tests.bench.measure import Line


def measure() -> Line:
    return bursts.measure("burst_twenty", runs=20)
