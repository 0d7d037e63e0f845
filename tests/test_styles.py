"""Of Bootstrap's grid only the classes in use are written anew, and our own styles are whole."""

import re
from pathlib import Path

import pytest
from bootstrap_wrapper import get_bootstrap_dir
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
GRID = Path(get_bootstrap_dir()) / "css" / "bootstrap-grid.min.css"
NAME = re.compile(r"\.([a-z][a-z0-9-]*)")


def missing(page: str) -> set[str]:
    """Classes of the page that Bootstrap's grid defines and our styles do not."""
    ours = {name for path in (ROOT / "static/css").glob("*.css") for name in NAME.findall(path.read_text())}
    used = {name for words in re.findall(r'class="([^"]*)"', page) for name in re.findall(r"[a-z][a-z0-9-]*", words)}
    return used & set(NAME.findall(GRID.read_text())) - ours


def test_every_class_of_the_grid_in_use_is_ours():
    assert missing("\n".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))) == set()


@pytest.mark.parametrize("name", ["col-xl-7", "justify-content-center", "d-none"])
def test_a_class_that_is_gone_is_seen(name):
    assert missing(f'<p class="row {name}">') == {name}


def lopsided(styles: str) -> bool:
    """True where a brace is missing or left over: from there on a browser drops rules without a word."""
    text = re.sub(r"/\*.*?\*/", "", styles, flags=re.S)
    return text.count("{") != text.count("}")


def test_every_brace_of_our_styles_has_its_other():
    assert [path.name for path in (ROOT / "static/css").glob("*.css") if lopsided(path.read_text())] == []


def test_a_brace_left_over_is_seen():
    assert lopsided("@layer parts {\n.a { color: red; }\n}\n}")
