"""One measure in a process of its own: `python -m tests.bench.measure NAME` prints its line."""

import json
import signal
import sys
from dataclasses import asdict, dataclass
from importlib import import_module

import django


@dataclass(frozen=True)
class Line:
    """What is printed. `ratio` is 1 where the portal is as good as the limit, and less where it is not."""

    measure: str
    value: float
    unit: str
    limit: float
    ratio: float
    note: object


def more_is_better(name: str, value: float, unit: str, limit: float, note: object) -> Line:
    return Line(name, round(value, 1), unit, round(limit, 1), round(value / limit, 3), note)


def less_is_better(name: str, value: float, unit: str, limit: float, note: object) -> Line:
    return Line(name, round(value, 3), unit, round(limit, 3), round(limit / value, 3), note)


def main(name: str) -> None:
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(f"{name} was stopped"))  # servers are taken along
    django.setup()
    stem, _, number = name.rpartition("_")
    work = import_module(f"tests.bench.{stem if number.isdigit() else name}")
    line = work.measure(int(number)) if number.isdigit() else work.measure()
    sys.stdout.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
