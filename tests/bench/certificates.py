"""A group's certificates, given and drawn, against typst alone with the same documents."""

import json
import time
from datetime import timedelta
from itertools import count

import typst
from django.conf import settings
from django.utils import timezone, translation

from courses import certificate_batch, certificate_pdf
from courses.models import Certificate, Enrolment, Run
from courses.states import EnrolmentState
from schools import jobs, printing
from schools.access import Actor
from schools.models import User
from schools.states import Role
from tests.bench import people, sizes, web
from tests.bench.measure import Line, more_is_better
from tests.courses import rows

GROUP = sizes.count(60, 3)
LANGUAGE = "kk"
_days = count(30)


def group() -> Run:
    """A run that is over and that everybody has completed."""
    run = rows.run(capacity=GROUP, start=timezone.now() - timedelta(days=next(_days)), days=1, host=people.school())
    members = people.librarians(GROUP)
    Enrolment.objects.bulk_create(
        Enrolment(run=run, person_id=one.person, school=run.host, number=place, state=EnrolmentState.COMPLETED)
        for place, one in enumerate(members, start=1)
    )
    return run


def give(run: Run, actor: Actor) -> list[Certificate]:
    """What the worker does for a group. Gives the certificates."""
    jobs.run(certificate_batch.start(run=run, actor=actor).pk)
    given = list(Certificate.objects.filter(enrolment__run=run))
    if len(given) != GROUP:
        raise RuntimeError(f"{len(given)} of {GROUP} certificates were given")
    return given


def draw(given: list[Certificate]) -> None:
    """Each holder's document."""
    for certificate in given:
        certificate_pdf.render(certificate, language=LANGUAGE)


def texts(given: list[Certificate]) -> list[str]:
    """The same documents as typst gets them."""
    with translation.override(LANGUAGE):
        return [json.dumps(printing._clean(certificate_pdf._data(one, LANGUAGE)), ensure_ascii=False) for one in given]


def compile_alone(documents: list[str], compiler: typst.Compiler) -> None:
    for text in documents:
        compiler.compile(
            format="pdf", sys_inputs={"data": text}, pdf_standards=[*printing.STANDARDS], timestamp=1_700_000_000
        )


def measure() -> Line:
    folder = settings.BASE_DIR / "templates" / "pdf"
    fonts = [str(path) for path in printing.font_folders()]
    compiler = typst.Compiler(
        str(folder / "certificate.typ"), root=str(folder), font_paths=fonts, ignore_system_fonts=True
    )
    owner = User.objects.filter(person__memberships__role=Role.HQ).select_related("person").order_by("pk")[0]
    actor = Actor(owner.person_id, str(owner), frozenset({(str(Role.HQ), None)}), is_authenticated=True)
    draw(give(group(), actor))  # templates, fonts and such are read once
    compile_alone(texts(give(group(), actor)), compiler)
    giving: list[float] = []

    def value() -> float:
        run = group()
        began = time.perf_counter()
        given = give(run, actor)
        giving.append(time.perf_counter() - began)
        draw(given)
        return GROUP / (time.perf_counter() - began)

    def limit() -> float:
        documents = texts(give(group(), actor))  # others: typst remembers what this process has compiled before
        began = time.perf_counter()
        compile_alone(documents, compiler)
        return GROUP / (time.perf_counter() - began)

    found, best = web.side_by_side(sizes.ROUNDS, value, limit)
    note = (
        f"groups of {GROUP}: given by the worker's job, letters among it ({1000 * min(giving) / GROUP:.0f} ms each), "
        f"and drawn; the limit is typst's compiler alone"
    )
    return more_is_better("certificates", found, "certificates/s", best, note)
