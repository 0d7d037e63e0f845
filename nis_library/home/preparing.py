"""What has to be in place before the portal starts: files built from the code, tables, reference and demo data."""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import transaction

from nis_library.home import catalogues, health

Say = Callable[[str], object]


def files(say: Say) -> None:
    """Translations, fonts and static files: they follow from the code alone and are built again when it changes."""
    say(f"Translations: {catalogues.compile_all()} compiled")
    if "build_fonts" in get_commands():
        call_command("build_fonts", verbosity=0)
    collect_static(say)


def collect_static(say: Say) -> None:
    """Collect, name by content and compress the static files, unless nothing has changed since."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now:
        return
    say("Static files: collecting")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)


def fingerprint() -> str:
    """A digest of names, sizes and times of all static files, and of the program that packs them."""
    rows = [f"whitenoise {version('whitenoise')}"]
    for finder in get_finders():
        for name, storage in finder.list([]):
            path = Path(storage.path(name))
            stat = path.stat()
            rows.append(f"{getattr(storage, 'prefix', '')}/{name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()


def tables(say: Say) -> None:
    """Bring the database up to the code. Raises NotReady with a sentence if it cannot be reached."""
    health.database()
    if health.waiting_migrations():
        say("Database: bringing the tables up to date")
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def data(say: Say) -> None:
    """Reference data always (safe to load again); demo data once, on an empty database in demo mode."""
    if "load_reference" in get_commands():
        say("Reference data: schools and regions")
        call_command("load_reference", verbosity=0)
    if settings.DEMO and "demo_data" in get_commands() and not get_user_model().objects.exists():
        say("Demo data: fifteen years of courses")
        with transaction.atomic():
            call_command("demo_data", seed=1, scale=1, verbosity=0)


def everything(say: Say) -> None:
    """All of it, in order."""
    files(say)
    tables(say)
    data(say)


def fresh_demo(say: Say) -> None:
    """Empty every table and load reference and demo data anew. Meant for demo mode; the caller asks."""
    tables(say)
    say("Database: emptying")
    call_command("flush", interactive=False, verbosity=0)
    data(say)
