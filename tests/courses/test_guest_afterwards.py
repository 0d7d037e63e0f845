"""What guests find behind their link after the seminar: certificates, questions, materials; and only their own."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from courses import certificates, completing, feedback, guest_links
from courses.models import Feedback, FeedbackGiven, Material
from courses.signing_up import GUEST
from courses.states import EnrolmentState as S
from schools.errors import Refused
from tests import make
from tests.courses import guests

pytestmark = pytest.mark.django_db
ANSWER = {"useful": 5, "clear": 4, "organised": 5, "will_use": "", "better": ""}


@pytest.fixture
def signup(cast):
    return guests.attended(cast.trainer.person, 2, school=make.school(in_network=False, kind="general"))


def link(signup, part=""):
    return f"/s/{guest_links.token(signup)}/{part}"


def certify(cast, signup, many=1):
    completing.close(run=signup.run, actor=cast.trainer.actor)
    rows = guests.rows_of(signup)[:many]
    return rows, [certificates.issue(enrolment=row, actor=cast.hq.actor) for row in rows]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_certificate_is_there_in_three_languages(cast, client, signup, language):
    (row,), (paper,) = certify(cast, signup)
    answer = client.get(link(signup, f"certificate/{row.uid}/{language}.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())
    assert row.person.full_name in text
    assert paper.number in text
    assert f"certificate/{row.uid}/{language}.pdf" in client.get(link(signup)).text


def test_only_own_and_only_with_force(cast, client, signup):
    (row,), (paper,) = certify(cast, signup)
    other = guests.attended(cast.trainer.person)
    none = guests.rows_of(signup)[1]
    for who, uid in ((other, row.uid), (signup, none.uid), (signup, "abcdefgh23")):
        assert client.get(link(who, f"certificate/{uid}/kk.pdf")).status_code == 404
    certificates.revoke(certificate=paper, actor=cast.hq.actor, reason="Қате")
    assert client.get(link(signup, f"certificate/{row.uid}/kk.pdf")).status_code == 404
    assert "certificate/" not in client.get(link(signup)).text


def test_each_person_answers_once_without_a_name(client, signup):
    first, second = guests.rows_of(signup)
    assert link(signup, f"feedback/{first.uid}/") in client.get(link(signup)).text
    assert client.post(link(signup, f"feedback/{first.uid}/"), ANSWER).status_code == 302
    assert client.post(link(signup, f"feedback/{first.uid}/"), ANSWER).status_code == 409
    assert client.post(link(signup, f"feedback/{second.uid}/"), {"useful": 9}).status_code == 422
    assert list(FeedbackGiven.objects.values_list("enrolment", flat=True)) == [first.pk]
    assert Feedback.objects.count() == 1
    page = client.get(link(signup)).text
    assert link(signup, f"feedback/{first.uid}/") not in page
    assert link(signup, f"feedback/{second.uid}/") in page


def test_the_link_speaks_only_for_its_own_people(cast, client, signup):
    other = guests.attended(cast.trainer.person)
    theirs = guests.rows_of(other)[0]
    assert client.post(link(signup, f"feedback/{theirs.uid}/"), ANSWER).status_code == 404
    for wrong in (signup, None):
        with pytest.raises(Refused):
            feedback.give(enrolment=theirs, answer=feedback.Answer(5, 5, 5), actor=GUEST, link_of=wrong)
    assert not FeedbackGiven.objects.exists()


def test_who_was_not_there_is_not_asked(cast, client, signup):
    absent = guests.rows_of(signup)[1]
    absent.attendance.all().delete()
    assert link(signup, f"feedback/{absent.uid}/") not in client.get(link(signup)).text


def test_join_link_and_materials_are_for_those_with_a_place(cast, client):
    run = guests.on_now(cast.trainer.person, join_link="https://meet.example.kz/oqu")
    Material.objects.create(run=run, title="Слайдтар", url="https://files.example.kz/oqu")
    held, sure = guests.sign_up(run), guests.confirmed(run)
    gone = guests.confirmed(run)
    gone.enrolments.update(state=S.WITHDRAWN)
    for signup, told in ((held, False), (sure, True), (gone, False)):
        page = client.get(link(signup)).text
        assert ("meet.example.kz" in page, "files.example.kz" in page) == (told, told)


def test_the_page_afterwards_sends_the_same_statements_for_one_and_twenty(cast, client, django_assert_num_queries):
    for many in (1, 20):
        signup = guests.attended(cast.trainer.person, many)
        certify(cast, signup, many)
        with django_assert_num_queries(9):
            client.get(link(signup))
