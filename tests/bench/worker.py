"""A Celery worker at another hour: reminders are written by day, and the bench may run at night."""

import os
from datetime import datetime

import time_machine
from celery.__main__ import main

if __name__ == "__main__":
    time_machine.travel(datetime.fromisoformat(os.environ["BENCH_NOW"])).start()
    main()
