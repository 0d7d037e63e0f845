"""A PostgreSQL of the tests' own: by Debian's `pg_virtualenv`, else by `initdb`."""

import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.services.process import Process, free_port, listens, wait_until

# A test database may be lost with the machine: speed is all that counts.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


def program(name: str) -> str | None:
    """The program on the path or in Debian's and Homebrew's folders, the newest version first."""
    folders = [*glob.glob("/usr/lib/postgresql/*/bin"), *glob.glob("/opt/homebrew/opt/postgresql*/bin")]
    folders.sort(key=lambda folder: [int(part) for part in folder.replace("@", "/").split("/") if part.isdigit()])
    return shutil.which(name) or next((f"{f}/{name}" for f in reversed(folders) if os.path.exists(f"{f}/{name}")), None)


def wrapper(settings: Mapping[str, str] = FAST) -> list[str] | None:
    """The words to put before a command so that it runs inside a throw-away cluster, or None."""
    if not shutil.which("pg_virtualenv") or not glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        return None
    options = [word for key, value in settings.items() for word in ("-o", f"{key}={value}")]
    return ["pg_virtualenv", "-t", *options]  # -t: a folder of its own, so that two runs do not meet


def url_from_environment() -> str:
    """The address that `pg_virtualenv` leaves in PGHOST, PGPORT, PGUSER and PGPASSWORD."""
    get = os.environ.get
    return f"postgresql://{get('PGUSER')}:{get('PGPASSWORD')}@{get('PGHOST')}:{get('PGPORT')}/postgres"


def missing() -> str | None:
    """Why no PostgreSQL can be started here, as a sentence; None if one can."""
    if wrapper():
        return None
    if not program("initdb"):
        return "PostgreSQL is not installed (Debian: apt-get install postgresql; macOS: brew install postgresql)."
    if os.geteuid() == 0 and not _postgres_user():
        return "PostgreSQL refuses to run as root and there is no user «postgres»: run the tests as another user."
    return None


@contextlib.contextmanager
def cluster(settings: Mapping[str, str] = FAST) -> Iterator[str]:
    """A cluster made by `initdb` in a temporary folder; gives its address. Used where Debian's wrapper is missing."""
    user = _postgres_user() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    as_user = [] if user is None else ["setpriv", f"--reuid={user}", "--init-groups"]
    port, environment = free_port(), {**os.environ, "LC_ALL": "C", "LANG": "C"}
    data, initdb, server = folder / "data", program("initdb"), program("postgres")
    subprocess.run(
        [*as_user, str(initdb), "-D", str(data), "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
        check=True,
        stdout=subprocess.DEVNULL,
        env=environment,
        cwd=folder,
    )
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    options += ["-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1", "-p", str(port)]
    command = [*as_user, str(server), "-D", str(data), *options]
    process = Process("postgres", command, env=environment, log=folder / "postgres.log")
    try:
        wait_until(lambda: listens(port), seconds=30, what="PostgreSQL")
        yield f"postgresql://portal@127.0.0.1:{port}/postgres"
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_user() -> str | None:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return None
