"""Deeds that happen at the same moment."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection


def at_once(*deeds: Callable[[], object]) -> list[Exception]:
    """Run the deeds in threads that start together; returns what they raised."""
    barrier, errors = Barrier(len(deeds)), list[Exception]()

    def work(deed: Callable[[], object]) -> None:
        try:
            barrier.wait(20)
            deed()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors
