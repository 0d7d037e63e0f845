"""The browser of the browser tests: the system's Chromium, else the one that Playwright has fetched."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def system() -> str | None:
    """The path of a Chromium that the machine has, or None."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((path for path in MAC if os.path.exists(path)), None)


def fetched() -> bool:
    """True if `playwright install chromium` has been run."""
    home = Path.home()
    usual = home / ("Library/Caches/ms-playwright" if sys.platform == "darwin" else ".cache/ms-playwright")
    return any(Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", usual)).glob("chromium*-*/*"))


def missing() -> str | None:
    """Why no browser test can run here, as a sentence; None if one can."""
    if system() or fetched():
        return None
    return "Chromium is not installed (Debian: apt-get install chromium; else: .venv/bin/playwright install chromium)."


def launch_options() -> dict[str, object]:
    path = system()
    return {"args": FLAGS} | ({"executable_path": path} if path else {})
