"""Work that takes its time."""

import time
from pathlib import Path

from schools import jobs
from schools.models import Job


def count(job: Job) -> Path:
    """Count to `to`, `pause` seconds a step, and write down at which try it was done."""
    for number in range(job.params["to"]):
        jobs.advance(job, number + 1, job.params["to"], "Counting")
        time.sleep(job.params["pause"])
    path = jobs.result_path(job, "sum.txt")
    path.write_text(f"{job.params['to']} at try {job.tries}")
    return path
