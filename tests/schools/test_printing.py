"""Documents made by several threads at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pytest
import typst
from pypdf import PdfReader

from schools import printing

DAY = datetime(2030, 4, 8, tzinfo=UTC)
PAGE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.name)
#set text(lang: "kk", font: "PT Sans")
#for row in range(200) [#data.name #row \\ ]
"""


@pytest.fixture
def template(settings, tmp_path):
    folder = tmp_path / "templates" / "pdf"
    folder.mkdir(parents=True)
    (folder / "rows.typ").write_text(PAGE)
    settings.BASE_DIR = tmp_path
    printing._compiler.cache_clear()
    yield "rows.typ"
    printing._compiler.cache_clear()


def text_of(pdf: bytes) -> str:
    return PdfReader(BytesIO(pdf)).pages[0].extract_text()


def test_threads_get_their_own_documents(template):
    names = [f"Адам{number}" for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda name: printing.pdf(template, {"name": name}, dated=DAY), names))
    assert [f"{name} 0" in text_of(pdf) for name, pdf in zip(names, made, strict=True)] == [True] * len(names)


def test_a_bare_compiler_refuses_a_second_thread(tmp_path):
    (tmp_path / "a.typ").write_text("#for row in range(2000) [#row \\ ]")
    compiler = typst.Compiler(str(tmp_path / "a.typ"), root=str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(compiler.compile, format="pdf") for _ in range(16)]
    assert {type(one.exception()) for one in tries} == {type(None), RuntimeError}
