import os
import socket
import time
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from nis_library.home import health, processes
from nis_library.home.demo.accounts import accounts
from nis_library.home.supervisor import Supervisor

UP_WITHIN_S = 60


class Command(BaseCommand):
    help = "Start web server, worker and beat together, or the one process that is named."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("only", nargs="?", choices=processes.ROLES, help="this process alone, in the foreground")

    def handle(self, *args: object, only: str | None, **options: object) -> None:
        if found := list(health.failures().values()):
            raise CommandError(" ".join(found))
        if only in (None, processes.WEB):
            self._refuse_taken_port()
        if only:
            command = processes.command(only)
            os.execv(command[0], command)
        commands = {role: processes.command(role) for role in processes.ROLES}
        code = Supervisor(commands, say=self.stdout.write).run(when_up=self._greet)
        if code:
            raise CommandError("The portal has stopped.", returncode=code)

    def _refuse_taken_port(self) -> None:
        """Raises CommandError if another program has the port."""
        family = socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.BIND, settings.PORT))
            except OSError as error:
                reason = str(error.strerror).lower()
                raise CommandError(
                    f"Port {settings.PORT} cannot be used ({reason}): another program may have it. "
                    f"Choose another one, for instance PORT={settings.PORT + 1} make run."
                ) from error

    def _greet(self) -> None:
        """Once the web server answers: the address, and who can sign in to a demo."""
        end = time.monotonic() + UP_WITHIN_S
        while time.monotonic() < end:
            with socket.socket(socket.AF_INET6 if ":" in settings.BIND else socket.AF_INET) as probe:
                if probe.connect_ex((settings.BIND, settings.PORT)) == 0:
                    break
            time.sleep(0.1)
        lines = ["", f"The portal answers at {settings.SITE_URL}/", *self._accounts(), "Ctrl-C stops it.", ""]
        self.stdout.write("\n".join(lines))

    def _accounts(self) -> list[str]:
        if not settings.DEMO:
            return []
        width = max(len(account.role) for account in accounts())
        rows = [f"  {account.role:<{width}}  {account.email}  {account.password}" for account in accounts()]
        return ["Demo accounts (role, address, password):", *rows]
