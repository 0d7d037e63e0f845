"""Pages of presentations: from a proposal in the browser to the answer of the conference; what bad input gets."""

import pytest
from django.utils import timezone

from conferences.models import Author, Presentation, PresentationFile, PresentationMove, Remark, Review
from schools.models import Mail
from tests import make
from tests.conferences import rows
from tests.file_samples import pdf, sent

pytestmark = pytest.mark.django_db
LIST = "/kk/presentations/"
TYPED = {"title": "Reading aloud", "format": "poster", "language": "en", "keywords": "reading", "text": "Pupils read."}


@pytest.fixture
def coming(db):
    return rows.edition(year=timezone.localdate().year + 1)


def at(row, part=""):
    return f"{LIST}{row.uid}/{part}"


def test_a_proposal_goes_from_draft_to_endorsed_through_pages_alone(cast, coming):
    author, hq, reviewer = cast.librarian.client(), cast.hq.client(), cast.stranger.client()
    answer = author.post(f"{LIST}new/", {**TYPED, "edition": coming.uid, "blind": "on"})
    row = Presentation.objects.get()
    assert (answer.status_code, answer.url) == (302, at(row))
    author.post(at(row, "authors/"), {"person": "colleague@example.kz"})
    assert cast.colleague.client().post(at(row, "answer/"), {"confirm": "1"}).status_code == 302
    assert list(Author.objects.values_list("state", flat=True)) == ["confirmed", "confirmed"]
    assert author.post(at(row, "move/"), {"verb": "propose"}).status_code == 302
    due = timezone.localdate().isoformat()
    assert hq.post(at(row, "reviewers/"), {"reviewer": "Ермекова Зере", "due_on": due}).status_code == 302
    review = Review.objects.get()
    marks = dict.fromkeys(("relevance", "novelty", "clarity", "evidence"), "4")
    form = {**marks, "strengths": "", "to_improve": "More.", "advice": "endorse"}
    assert reviewer.post(f"/kk/reviews/{review.uid}/", form).status_code == 302
    assert hq.post(at(row, "move/"), {"verb": "endorse"}).status_code == 302
    assert Presentation.objects.get().state == "endorsed"
    assert list(PresentationMove.objects.values_list("verb", flat=True)) == ["begin", "propose", "endorse"]
    assert Mail.objects.filter(address="colleague@example.kz").count() == 2  # asked, endorsed


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 251}, "title"),
        ({"text": ""}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"format": "song"}, "format"),
        ({"language": "xx"}, "language"),
        ({"edition": "nothing"}, "edition"),
    ],
)
def test_a_bad_proposal_is_answered_at_the_field_and_kept(cast, coming, changes, field):
    answer = cast.librarian.client().post(
        f"{LIST}new/", {**TYPED, "edition": coming.uid, "keywords": "kept", **changes}
    )
    page = answer.content.decode()
    assert (answer.status_code, Presentation.objects.count()) == (422, 0)
    assert f"id_{field}_error" in page or f"error_1_id_{field}" in page
    assert 'value="kept"' in page


def test_an_edited_text_that_came_too_late_is_kept_on_the_page(cast):
    row = rows.presentation(cast.librarian.person, cast.colleague.person)
    client = cast.librarian.client()
    seen = client.get(at(row, "edit/")).context["seen"]
    cast.colleague.client().post(at(row, "edit/"), {**TYPED, "text": "Theirs.", "seen": seen})
    answer = client.post(at(row, "edit/"), {**TYPED, "text": "Mine.", "seen": seen})
    assert (answer.status_code, "Mine." in answer.content.decode()) == (409, True)
    assert row.abstracts.last().text == "Theirs."
    assert cast.stranger.client().get(at(row, "edit/")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "error"),
        ("nobody@example.kz", "жоқ"),
        ("Сынақов", "Бірнеше әріптес"),
        ("guest@example.kz", "жоқ"),
        ("librarian@example.kz", "бар"),
    ],
)
def test_a_co_author_who_cannot_be_asked(cast, typed, says):
    make.librarians(cast.school, 2)
    row = rows.presentation(cast.librarian.person)
    answer = cast.librarian.client().post(at(row, "authors/"), {"person": typed})
    assert (answer.status_code, Author.objects.count()) == (422, 1)
    assert says in answer.content.decode()


def test_a_refused_move_says_why_and_keeps_what_was_typed(cast):
    row = rows.presentation(cast.librarian.person, state="proposed")
    hq = cast.hq.client()
    answer = hq.post(at(row, "move/"), {"verb": "return", "note": " "})
    assert (answer.status_code, "Нені өзгерту керегін жазыңыз" in answer.content.decode()) == (422, True)
    for verb in ("", "dance", "award", "x" * 40):
        assert hq.post(at(row, "move/"), {"verb": verb, "note": "kept"}).status_code in (409, 422)
    Presentation.objects.update(state="withdrawn")
    assert hq.post(at(row, "move/"), {"verb": "endorse"}).status_code == 409


def test_materials_by_link_and_by_file_and_what_is_refused(cast):
    row = rows.presentation(cast.librarian.person, state="presented")
    client = cast.librarian.client()
    base = {"kind": "slides", "title": "Slides"}
    for wrong in (
        {},
        {"url": "javascript:alert(1)"},
        {"url": "https://example.kz", "upload": sent("a.pdf", pdf())},
        {"upload": sent("../x.pdf", b"not a pdf")},
        {"upload": sent("a.pdf", b"")},
    ):
        assert client.post(at(row, "materials/"), {**base, **wrong}).status_code == 422, wrong
    assert PresentationFile.objects.count() == 0
    assert client.post(at(row, "materials/"), {**base, "upload": sent("../../slides.pdf", pdf())}).status_code == 302
    made = PresentationFile.objects.get()
    answer = cast.finance.client().get(at(row, f"materials/{made.uid}/"))
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, pdf(), "application/pdf")
    Presentation.objects.update(state="rejected")
    assert cast.finance.client().get(at(row, f"materials/{made.uid}/")).status_code == 404
    assert client.post(at(row, f"materials/{made.uid}/remove/")).status_code == 302
    assert PresentationFile.objects.count() == 0


def test_comments_on_the_page(cast):
    row = rows.presentation(cast.librarian.person, state="proposed")
    client = cast.hq.client()
    assert client.post(at(row, "comments/"), {"text": " "}).status_code == 422
    assert client.post(at(row, "comments/"), {"text": "<b>Which</b> year?"}).status_code == 302
    page = cast.librarian.client().get(at(row)).content.decode()
    assert (Remark.objects.count(), "&lt;b&gt;Which&lt;/b&gt; year?" in page) == (1, True)
    assert "Which" not in cast.director.client().get(at(row)).content.decode()


def test_a_review_with_gaps_is_answered_at_each_mark(cast):
    row = rows.presentation(cast.librarian.person, state="proposed")
    review = rows.review(row, cast.stranger.person)
    answer = cast.stranger.client().post(f"/kk/reviews/{review.uid}/", {"relevance": "9", "strengths": "kept"})
    assert (answer.status_code, "kept" in answer.content.decode()) == (422, True)
    assert set(answer.context["form"].errors) == {"relevance", "novelty", "clarity", "evidence", "to_improve", "advice"}
    assert Review.objects.get().state == "asked"


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_sends_the_same_statements_for_one_and_for_thirty(cast, number, django_assert_num_queries):
    for _ in range(number):
        rows.presentation(cast.librarian.person, cast.stranger.person, state="presented", school=cast.school)
    client = cast.librarian.client()
    client.get(LIST)
    with django_assert_num_queries(8):
        assert client.get(LIST).status_code == 200


def test_the_list_finds_by_words_status_and_own(cast):
    mine = rows.presentation(cast.librarian.person, title="Кітап әлемі", state="accepted")
    other = rows.presentation(cast.stranger.person, title="Games", state="presented", keywords="play")
    hidden = rows.presentation(cast.stranger.person, title="Secret", state="proposed")
    client = cast.librarian.client()

    def found(**query):
        return [row.title for row in client.get(LIST, query).context["page"]]

    assert found() == [other.title, mine.title]
    assert found(q="китап") == [mine.title]
    assert found(q="play") == [other.title]
    assert found(state="accepted") == [mine.title]
    assert found(mine="on") == [mine.title]
    assert found(state="nonsense") == [other.title, mine.title]
    assert hidden.title in [row.title for row in cast.hq.client().get(LIST).context["page"]]


def test_a_conference_shows_what_the_reader_may_see(cast, coming):
    shown = rows.presentation(cast.stranger.person, edition=coming, state="accepted", title="Games")
    rows.presentation(cast.stranger.person, edition=coming, state="proposed", title="Secret")
    page = cast.librarian.client().get(f"/kk/conferences/{coming.uid}/").content.decode()
    assert (shown.title in page, "Secret" in page) == (True, False)
