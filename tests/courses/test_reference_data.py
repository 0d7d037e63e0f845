"""The reference data the portal carries: complete in three languages, and spelt with the right alphabet.

A Latin `i` in «кiтап» looks right and is never found by search; the letters are therefore checked one by one.
"""

import csv
import re
import unicodedata
from pathlib import Path

import pytest

from courses.models import Course, Topic
from courses.states import CourseKind, Format

ROOT = Path(__file__).resolve().parents[2]
TOPICS, COURSES = "courses/data/topics.csv", "courses/data/courses.csv"
NAMES = "nis_library/home/data/names.csv"
PLACES = [f"schools/data/{name}.csv" for name in ("schools", "regions", "dated_names", "places")]

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ALPHABETS = {"kk": RUSSIAN + "әғқңөұүһі", "ru": RUSSIAN, "en": "abcdefghijklmnopqrstuvwxyz"}
LATIN_NAMES = {"ATL", "Britannica", "EBSCO", "IASL", "IB", "IFLA", "Koha", "MARC", "NIS", "Program"}
"""Proper names that Kazakh and Russian write in Latin letters."""
KAZAKH_NAMES = {"Жетісу", "Ұлытау"}
"""Regions of 2022, whose official Russian names keep the Kazakh letters."""

Row = dict[str, str]


def rows(path: str) -> list[Row]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def foreign_words(text: str, language: str) -> list[str]:
    """Words with a letter outside the language's alphabet, known proper names aside."""
    alphabet = set(ALPHABETS[language])
    known = LATIN_NAMES | KAZAKH_NAMES if language == "ru" else LATIN_NAMES
    words = re.findall(r"[^\W\d_]+", text)
    return [word for word in words if word not in known and not set(word.lower()) <= alphabet]


def badly_spelt(table: list[Row]) -> list[tuple[str, str, object]]:
    """(column, language, what is wrong) for every cell whose column names a language."""
    wrong: list[tuple[str, str, object]] = []
    for row in table:
        for column, text in row.items():
            language = column.rpartition("_")[2]
            if language not in ALPHABETS:
                continue
            wrong += [(column, language, word) for word in foreign_words(text, language)]
            if not unicodedata.is_normalized("NFC", text) or not text.replace("\n", "").isprintable():
                wrong.append((column, language, ascii(text)))
    return wrong


@pytest.mark.parametrize("path", [TOPICS, COURSES, NAMES, *PLACES])
def test_words_keep_to_the_alphabet_of_their_language(path):
    table = rows(path)
    assert table
    assert badly_spelt(table) == []


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("kk", "кітап", "к\u0069тап"),  # Latin i
        ("kk", "Гауһар", "Гау\u0068ар"),  # Latin h
        ("kk", "Әсел", "\u018fсел"),  # Latin schwa
        ("kk", "мектеп", "мект\u0065п"),  # Latin e
        ("kk", "IFLA", "\u0406FLA"),  # Cyrillic І
        ("ru", "с учителем", "\u0063 учителем"),  # a whole word of one Latin c
        ("ru", "каталог", "қаталог"),  # a Kazakh letter in Russian
        ("en", "course", "c\u043eurse"),  # Cyrillic о
    ],
)
def test_twin_a_look_alike_letter_is_seen(language, right, wrong):
    assert foreign_words(right, language) == []
    assert foreign_words(wrong, language) == [wrong.split()[0]]


def test_twin_one_swapped_letter_in_the_real_table_is_seen():
    table = rows(COURSES)
    table[-1]["summary_kk"] = table[-1]["summary_kk"].replace("мамырда", "м\u0061мырда")
    table[0]["title_ru"] = unicodedata.normalize("NFD", "Библиотечный урок")
    assert badly_spelt(table) == [
        ("title_ru", "ru", ascii(table[0]["title_ru"])),
        ("summary_kk", "kk", "м\u0061мырда"),
    ]


@pytest.mark.parametrize("path", [TOPICS, COURSES, NAMES])
def test_no_cell_is_empty_or_padded(path):
    assert [
        (row, column) for row in rows(path) for column, text in row.items() if not text or text != text.strip()
    ] == []


def test_each_course_has_a_code_of_its_own_and_a_topic():
    topics = [row["code"] for row in rows(TOPICS)]
    courses = rows(COURSES)
    codes = [row["code"] for row in courses]
    assert len(set(topics)) == len(topics)
    assert len(set(codes)) == len(codes)
    assert [code for code in codes + topics if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code)] == []
    assert {row["topic"] for row in courses} == set(topics)
    assert [int(row["order"]) for row in rows(TOPICS)] == list(range(1, len(topics) + 1))


def test_courses_keep_to_the_closed_lists_and_every_kind_has_one():
    courses = rows(COURSES)
    assert {row["kind"] for row in courses} == set(CourseKind.values)
    assert {row["format"] for row in courses} == set(Format.values)
    assert [row["code"] for row in courses if int(row["hours"]) <= 0 or int(row["days"]) <= 0] == []


def test_texts_fit_their_fields():
    limits = [(TOPICS, Topic, ["code", "name_kk", "name_ru", "name_en"])]
    per_language = [f"{name}_{language}" for name in ("title", "audience") for language in ALPHABETS]
    limits.append((COURSES, Course, ["code", *per_language]))
    assert [
        (row["code"], column)
        for path, model, columns in limits
        for row in rows(path)
        for column in columns
        if len(row[column]) > model._meta.get_field(column).max_length
    ] == []


def test_summaries_are_of_a_readable_length():
    counts = {
        (row["code"], language): len(row[f"summary_{language}"].split())
        for row in rows(COURSES)
        for language in ALPHABETS
    }
    assert {key: count for key, count in counts.items() if not 25 <= count <= 90} == {}


def test_outcomes_are_the_same_three_or_four_in_every_language():
    for row in rows(COURSES):
        counts = {language: len(row[f"outcomes_{language}"].split("\n")) for language in ALPHABETS}
        assert set(counts.values()) in ({3}, {4}), (row["code"], counts)


def test_names_of_demo_people_serve_both_sexes_and_both_traditions():
    table = rows(NAMES)
    assert len({tuple(row.values()) for row in table}) == len(table)
    assert {(row["kind"], row["tradition"]) for row in table} == {
        (f"{kind}_{sex}", tradition)
        for kind in ("surname", "given", "patronymic")
        for sex in "fm"
        for tradition in ("kazakh", "russian")
    }
    assert [row["latin"] for row in table if foreign_words(row["latin"], "en")] == []
