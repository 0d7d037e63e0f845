"""Health of one container, for its engine: `python -m nis_library.home.probe web` (or `beat`). Exit code 0 is well.

Asks the process as a proxy would, and needs no Django: an engine runs this every few seconds.
"""

import http.client
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

TIMEOUT_S = 5
BEAT_SILENT_S = 600
"""Beat writes its file at least every three minutes."""


def web() -> str:
    """What is wrong with the web server, as a sentence; empty if it is ready."""
    site = urlsplit(os.environ.get("SITE_URL", "http://localhost"))
    link = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=TIMEOUT_S)
    try:
        link.request("GET", "/readyz", headers={"Host": site.hostname or "", "X-Forwarded-Proto": site.scheme})
        answer = link.getresponse()
        return "" if answer.status == 200 else f"not ready: {answer.status} {answer.read(500).decode(errors='replace')}"
    except OSError as error:
        return f"no answer: {error}"
    finally:
        link.close()


def beat() -> str:
    """What is wrong with beat; empty if it has written lately."""
    files = list(Path(os.environ.get("DATA_DIR") or "var").glob("beat-schedule*"))
    newest = max((path.stat().st_mtime for path in files), default=0.0)
    return "" if time.time() - newest < BEAT_SILENT_S else "beat has not written its schedule for ten minutes"


def main() -> None:
    sentence = {"web": web, "beat": beat}[sys.argv[1]]()
    sys.exit(sentence or 0)


if __name__ == "__main__":
    main()
