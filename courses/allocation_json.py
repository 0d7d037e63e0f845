"""Inputs and results as JSON that is the same, byte for byte, for the same content: to be kept, hashed and repeated."""

import json
from dataclasses import replace
from typing import Any

from courses.allocation_types import Applicant, Code, GroupShare, Inputs, Outcome, Part, Reason, Result, Rules, RunSeats


def inputs_to_json(inputs: Inputs) -> str:
    """Everything in the order of its keys, however it came."""
    ordered = replace(
        inputs,
        seats=tuple(_ordered(seats) for seats in sorted(inputs.seats, key=lambda seats: seats.key)),
        applicants=tuple(sorted(inputs.applicants, key=lambda one: one.key)),
    )
    return _dump(ordered)


def inputs_from_json(text: str) -> Inputs:
    """The inputs that were kept. Raises ValueError, TypeError or KeyError at anything else."""
    told = json.loads(text)
    return Inputs(
        seats=tuple(_seats(seats) for seats in told["seats"]),
        applicants=tuple(Applicant(**{**one, "wishes": tuple(one["wishes"])}) for one in told["applicants"]),
        rules=Rules(**told["rules"]),
        seed=told["seed"],
    )


def result_to_json(result: Result) -> str:
    return _dump(result)


def result_from_json(text: str) -> Result:
    """The result that was kept. Raises ValueError, TypeError or KeyError at anything else."""
    told = json.loads(text)
    return Result(
        outcomes=tuple(_outcome(one) for one in told["outcomes"]),
        order={run: tuple(keys) for run, keys in told["order"].items()},
        credits=told["credits"],
    )


def _dump(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=vars)


def _ordered(seats: RunSeats) -> RunSeats:
    shares = tuple(sorted(seats.shares, key=lambda share: (share.kind, share.key)))
    return replace(seats, shares=shares, taken=tuple(sorted(seats.taken)))


def _seats(told: dict[str, Any]) -> RunSeats:
    shares = tuple(GroupShare(**share) for share in told["shares"])
    taken = tuple((school, region) for school, region in told["taken"])
    return RunSeats(**{**told, "shares": shares, "taken": taken})


def _outcome(told: dict[str, Any]) -> Outcome:
    parts = tuple(Part(**part) for part in told["parts"])
    reasons = tuple(Reason(**{**reason, "code": Code(reason["code"])}) for reason in told["reasons"])
    return Outcome(**{**told, "parts": parts, "reasons": reasons})
