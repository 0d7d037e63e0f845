"""What the demonstration says of its trips: talks, reports, promises. Titles and texts are invented."""

from dataclasses import dataclass

from conferences.models import Edition
from conferences.states import PresentationFormat

HOME = "Астана"
COVER = "Кітапхананы әріптесім ашады"
PURPOSE = "%(series)s %(year)s конференциясына қатысу, шетелдік мектеп кітапханаларының тәжірибесімен танысу"
TO_A_COURSE = "Шетелдегі тағылымдамаға қатысу: мектеп кітапханасының жұмысын ішінен көру"
ABSTRACT = (
    "%(title)s. Intellectual schools of Kazakhstan teach in three languages, and their libraries teach pupils to find, "
    "judge and use sources. We show what we tried, what worked, and what we would do otherwise."
)
EXCUSE = "Демалыстағы ұзақ уақытқа байланысты босатылды."
PROMISED = (
    "Оқырман клубын қалай бастау керек",
    "Дереккөздерді бағалау: оқушыларға арналған тапсырмалар",
    "Кітапхана – жобалық жұмыстың орталығы",
    "Әлемдік мектеп кітапханаларынан алған тәжірибе",
    "Үш тілдегі кітап қоры: іріктеу мен таныстыру",
    "Мектеп кітапханасындағы медиасауаттылық",
    "Кітапханашы мен мұғалім: бірлескен сабақ",
)
REPORT = "%(city)s: не көрдік, не үйрендік"
LEARNED = (
    "Үш күн бойы баяндамалар тыңдап, төрт мектеп кітапханасын аралап көрдік. Ең есте қалғаны – кітапханашының сабаққа "
    "мұғаліммен бірге кіруі: тапсырманы екеуі бірге құрастырады, оқушы дереккөзді өзі іздеп, өзі бағалайды."
)
IDEAS = (
    "Тоқсан сайын бір пән мұғалімімен бірлескен сабақ өткізу. Оқушылар кеңесін құрып, жаңа кітаптарды солармен бірге "
    "таңдау. Дереккөзді бағалау парағын үш тілде дайындап, желіге тарату."
)


@dataclass(frozen=True, slots=True)
class Tale:
    """A delegation: how many went, and what they presented, if anything."""

    people: int
    title: str = ""
    format: str = ""


TALES = {
    ("iasl", 2014): Tale(3, "Reading in three languages: a school library programme", PresentationFormat.PAPER),
    ("iasl", 2016): Tale(2, "A library lesson with every subject", PresentationFormat.PAPER),
    ("iasl", 2017): Tale(
        5, "Learning without borders: how libraries of intellectual schools teach research", PresentationFormat.TALK
    ),
    ("wlic", 2017): Tale(2, "Libraries of intellectual schools in Kazakhstan", PresentationFormat.POSTER),
    ("iasl", 2019): Tale(3, "From pupils to authors: research in the school library", PresentationFormat.RESEARCH),
    ("iasl", 2022): Tale(2, "Judging sources: tasks that pupils like", PresentationFormat.WORKSHOP),
    ("iasl", 2023): Tale(3, "Passing on: seminars of school librarians for rural schools", PresentationFormat.PAPER),
    ("wlic", 2025): Tale(6, "School libraries that teach their neighbours", PresentationFormat.TALK),
}
"""The group's talk in Long Beach and the poster in Wrocław are known to have been; their titles here are invented."""
USUAL = Tale(2)


def of(edition: Edition) -> Tale:
    return TALES.get((edition.series.code, edition.year), USUAL)
