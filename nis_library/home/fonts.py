"""The portal's faces for the screen: PT Sans and PT Serif, cut down to the letters in use and compressed.

The letters are those of Kazakh, Russian and English with their figures and punctuation. The faces have no ₸; a
browser takes it from another face. Hints are dropped: they are two thirds of the weight and modern screens ignore them.
"""

import hashlib
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import fontpkg
from fontTools import subset

KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі"
RUSSIAN = "".join(chr(code) for code in range(0x410, 0x450)) + "Ёё"
LATIN = "".join(chr(code) for code in range(0x20, 0x7F))
FOREIGN = "ÄÖÜäöüßÉÈÊéèêëÁáÀàÂâÓóÔôÍíÚúÑñÇçŁłŚśŻżŹźĆćĘęĄąŃńŠšŽžČčŘřİıĞğŞş"
MARKS = "\u00a0«»„“”‘’‚–—‑…·•№§©°±×÷−½¼¾≈≤≥‰€£¥"
LETTERS = KAZAKH + RUSSIAN + LATIN + FOREIGN + MARKS


@dataclass(frozen=True, slots=True)
class Face:
    """One face: its family as the font packages call it, its weight, and the name of the file that is made."""

    family: str
    weight: int
    file: str

    @property
    def package(self) -> str:
        return f"fontpkg-{self.family.lower().replace(' ', '-')}"


FACES = (
    Face("PT Sans", 400, "pt-sans-regular.woff2"),
    Face("PT Sans", 700, "pt-sans-bold.woff2"),
    Face("PT Serif", 700, "pt-serif-bold.woff2"),
)


def recipe() -> str:
    """A digest of all that the files follow from: this module and the versions of the packages."""
    parts = [Path(__file__).read_text(encoding="utf-8"), version("fonttools")]
    parts += [version(face.package) for face in FACES]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def cut(face: Face, target: Path) -> None:
    """Write one face with the letters in use only, unhinted, as WOFF2."""
    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["kern", "liga", "locl", "tnum", "lnum"]
    options.notdef_outline = True
    options.drop_tables += ["DSIG"]
    with closing(subset.load_font(str(fontpkg.path(face.family, face.weight)), options)) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(text=LETTERS)
        cutter.subset(font)
        subset.save_font(font, str(target), options)


def build(folder: Path) -> list[Path]:
    """Make the files in `folder`, unless they are there and follow from the same recipe; returns those made."""
    folder.mkdir(parents=True, exist_ok=True)
    stamp, now = folder / ".recipe", recipe()
    targets = [folder / face.file for face in FACES]
    if stamp.exists() and stamp.read_text() == now and all(target.exists() for target in targets):
        return []
    for face, target in zip(FACES, targets, strict=True):
        cut(face, target)
    stamp.write_text(now)
    return targets
