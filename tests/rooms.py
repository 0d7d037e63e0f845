"""Rules of the house as functions over a tree of source texts (path -> text). `test_rooms.py` asks them."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.db.models import Model

Tree = Mapping[str, str]

ROOT = Path(__file__).resolve().parent.parent
STOREYS = {"schools": 0, "courses": 1, "conferences": 2, "nis_library": 3}
ROOMS = ("schools", "courses", "conferences", "nis_library.home", "nis_library.reports")
LABELS = ("schools", "courses", "conferences", "home", "reports")
TEMPLATE_STOREYS = {**STOREYS, "home": 3, "reports": 3}
NOT_OURS = {
    ".hypothesis",
    ".git",
    ".venv",
    "var",
    "build",
    "node_modules",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}
TEXTS = {".py", ".html", ".txt", ".md", ".css", ".js", ".toml", ".yaml", ".in", ".csv", ".po", ".typ", ".svg", ""}

# states, access -> models -> queries -> verbs -> forms, tasks -> views, admin -> urls
ORDER = {"states": 0, "access": 0, "models": 1, "queries": 2, "forms": 4, "tasks": 4, "templatetags": 4, "entry": 4}
ORDER |= {"views": 5, "admin": 5, "middleware": 5, "management": 5, "urls": 6, "machine_urls": 6}
VERBS = 3
WIRING = ("apps", "migrations")
PRIVATE = ("views", "urls", "admin", "migrations", "management")
"""What a room keeps from the rooms above it."""

FILE_LINES, FUNCTION_LINES, VIEW_LINES, TEMPLATE_LINES = 300, 40, 25, 100
MAY_BE_LONG = ("nis_library/settings.py",)
INLINE = re.compile(
    r"""\sstyle=["']|<style\b|\son[a-z]+=["']|<script\b(?![^>]*\bsrc=)(?![^>]*type="application/json")|javascript:""",
    re.I,
)
# Written in parts, or this file would break its own rule.
TRACES = re.compile(
    r"(?<![\w.$})])/(?:"
    + "|".join(("work", "root", "tmp", "Users"))
    + r")/\w|\.\./"
    + "shared"
    + r"|\b(?:TO"
    + r"DO|FIX"
    + r"ME)\b"
)


def read(root: Path = ROOT) -> dict[str, str]:
    """Every text of the project as it lies on the disk."""
    found = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.is_file() and path.suffix in TEXTS and not NOT_OURS & set(parts):
            found["/".join(parts)] = path.read_text(encoding="utf-8", errors="replace")
    return found


def of_rooms(tree: Tree) -> dict[str, str]:
    """Python files of the rooms, without migrations."""
    return {
        path: text
        for path, text in tree.items()
        if path.endswith(".py") and path.split("/")[0] in STOREYS and "/migrations/" not in path
    }


def module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: str, text: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported, at the top or inside a function; `from a import b` gives `a.b`."""
    package = module(path).split(".") if path.endswith("__init__.py") else module(path).split(".")[:-1]
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = [*base, *([node.module] if node.module else [])]
            yield from ((node.lineno, ".".join([*base, alias.name])) for alias in node.names)


def for_types_alone(text: str) -> set[int]:
    """Lines inside `if TYPE_CHECKING:`: what only the type checker reads makes no arrow inside a room."""
    blocks = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.If))
    return {
        line
        for block in blocks
        if isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for line in range(block.lineno, (block.end_lineno or block.lineno) + 1)
    }


def arrows_up(tree: Tree) -> list[str]:
    """Imports from a higher storey; imports of the roof by anybody; of what a lower room keeps to itself."""
    found = []
    for path, text in of_rooms(tree).items():
        here = path.split("/")[0]
        for line, name in imports(path, text):
            there, _, inside = name.partition(".")
            if there not in STOREYS or there == here:
                continue
            if STOREYS[there] > STOREYS[here]:
                found.append(f"{path}:{line} looks up to {name}")
            elif inside.split(".")[0] in PRIVATE:
                found.append(f"{path}:{line} reaches into {name}")
        if path.startswith("nis_library/reports/"):
            names = [(line, name) for line, name in imports(path, text) if name.startswith("nis_library.home")]
            found += [f"{path}:{line} looks sideways at {name}" for line, name in names]
    return found


def room_of(name: str) -> str | None:
    return next((room for room in ROOMS if name == room or name.startswith(f"{room}.")), None)


def part_of(name: str, room: str) -> str:
    """The module of a room that a name belongs to: `schools.models.people.Person` -> `models`."""
    return name.removeprefix(room).strip(".").split(".")[0]


def against_the_order(tree: Tree) -> list[str]:
    """Imports inside a room that go against its fixed order."""
    links = []
    for path, text in of_rooms(tree).items():
        if room := room_of(module(path)):
            here = part_of(module(path), room)
            types = for_types_alone(text)
            for line, name in imports(path, text):
                there = part_of(name, room) if room_of(name) == room else ""
                if there and here and there != here and line not in types:
                    links.append((path, line, room, here, there))
    plain = _plain_modules(links)
    return [
        f"{path}:{line} {here} imports {there}"
        for path, line, room, here, there in links
        if here not in WIRING and _rank(room, here, plain) < _rank(room, there, plain)
    ]


def _rank(room: str, part: str, plain: set[tuple[str, str]]) -> int:
    if part.endswith("_urls"):
        part = "urls"
    return ORDER.get(part, 0 if (room, part) in plain else VERBS)


def _plain_modules(links: list[tuple[str, int, str, str, str]]) -> set[tuple[str, str]]:
    """Modules that need nothing of their room beyond states and access: words and arithmetic, free to all."""
    needs: dict[tuple[str, str], set[str]] = {}
    for _, _, room, here, there in links:
        needs.setdefault((room, here), set()).add(there)
        needs.setdefault((room, there), set())
    plain = {key for key in needs if key[1] not in ORDER}
    while True:
        kept = {
            (room, part)
            for room, part in plain
            if all(ORDER.get(need) == 0 or (room, need) in plain for need in needs[room, part])
        }
        if kept == plain:
            return plain
        plain = kept


def over_budget(tree: Tree) -> list[str]:
    """Files, functions, views and templates that have outgrown their room."""
    found = []
    for path, text in of_rooms(tree).items():
        lines = text.count("\n")
        if lines > FILE_LINES and path not in MAY_BE_LONG:
            found.append(f"{path}: {lines} lines of {FILE_LINES}")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                limit = VIEW_LINES if _is_view(node) else FUNCTION_LINES
                if length > limit:
                    found.append(f"{path}:{node.lineno} {node.name}: {length} lines of {limit}")
    for path, text in tree.items():
        if path.endswith(".html") and text.count("\n") > TEMPLATE_LINES:
            found.append(f"{path}: {text.count(chr(10))} lines of {TEMPLATE_LINES}")
    return found


def _is_view(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    calls = [call.func for call in node.decorator_list if isinstance(call, ast.Call)]
    return any(isinstance(func, ast.Name) and func.id == "entry" for func in calls)


def inline(tree: Tree) -> list[str]:
    """Style or script written into a page, which the content security policy would refuse. Mails need theirs."""
    pages = {p: t for p, t in tree.items() if p.endswith(".html") and "templates/mail/" not in p}
    return [
        f"{path}:{text.count(chr(10), 0, match.start()) + 1} {match[0].strip()}"
        for path, text in pages.items()
        for match in INLINE.finditer(text)
    ]


def templates_up(tree: Tree) -> list[str]:
    """Templates that include or extend one of a higher storey."""
    found = []
    for path, text in tree.items():
        parts = path.split("/")
        if parts[0] != "templates" or parts[1] not in TEMPLATE_STOREYS:
            continue
        taken = re.findall(r"""{%\s*(?:include|extends)\s+["']([^"'/]+)/""", text)
        found += [
            f"{path} takes from {room}" for room in taken if TEMPLATE_STOREYS.get(room, -1) > TEMPLATE_STOREYS[parts[1]]
        ]
    return found


def traces(tree: Tree) -> list[str]:
    """Paths of somebody's machine, and notes of things left undone."""
    return [f"{path}: {match[0]}" for path, text in tree.items() for match in TRACES.finditer(text)]


def mocks(tree: Tree) -> list[str]:
    """Tests that put a mock in the place of the real thing."""
    tests = {path: text for path, text in tree.items() if path.startswith("tests/") and path.endswith(".py")}
    return [
        f"{path}:{line}"
        for path, text in tests.items()
        for line, name in imports(path, text)
        if name.startswith(("unittest.mock", "mock.", "pytest_mock"))
    ]


def named_back(models: Iterable[type[Model]]) -> list[str]:
    """Foreign keys into another room that give the lower room a name for the higher one."""
    found = []
    for model in models:
        for field in [*model._meta.fields, *model._meta.local_many_to_many]:
            target = field.related_model
            if not target or target._meta.app_label not in LABELS or target._meta.app_label == model._meta.app_label:
                continue
            if field.remote_field.related_name is None or not field.remote_field.related_name.endswith("+"):
                found.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    return found
