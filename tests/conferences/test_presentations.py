"""Writing a presentation together: versions, co-authors of several schools, comments, materials, the review."""

import pytest
from django.utils import timezone

from conferences import co_authors, differences, presentations, reviewing
from conferences.models import Abstract, Author, Presentation, PresentationFile, Remark, Review
from conferences.presentation_access import may_see
from conferences.presentation_queries import seen_by, with_authors
from conferences.states import PresentationState
from schools import merging
from schools.errors import Refused, Stale
from schools.files import Upload, path_of
from schools.models import AuditEntry, Mail, PrivateFile
from tests import make
from tests.conferences import rows
from tests.file_samples import pdf

pytestmark = pytest.mark.django_db
PDF = pdf()
FACTS = {"title": "Reading aloud", "format": "poster", "language": "en", "keywords": "reading", "blind": False}


@pytest.fixture
def coming(db):
    return rows.edition(year=timezone.localdate().year + 1)


def fresh(row):
    return with_authors().get(pk=row.pk)


def edit(row, actor, *, text=None, seen=None, **facts):
    text = row.abstracts.last().text if text is None else text
    facts = {**{name: getattr(row, name) for name in presentations.FACTS}, **facts}
    seen = presentations.version(row) if seen is None else seen
    return presentations.edit(presentation=row, facts=facts, text=text, seen=seen, actor=actor)


def test_a_librarian_begins_a_draft_with_school_and_first_version(cast, coming):
    row = presentations.begin(edition=coming, facts=FACTS, text="First.", actor=cast.librarian.actor)
    author = Author.objects.get()
    assert (author.person, author.school, author.state) == (cast.librarian.person, cast.school, "confirmed")
    assert (row.state, row.abstracts.get().text, row.search_key) == ("draft", "First.", "reading aloud reading")
    assert AuditEntry.objects.get().verb == "presentation.begin"
    over = rows.edition(year=2020, state="held")
    with pytest.raises(Refused):
        presentations.begin(edition=over, facts=FACTS, text="x", actor=cast.librarian.actor)
    assert Presentation.objects.count() == 1


def test_another_text_is_another_version_and_the_same_text_none(cast):
    row = rows.presentation(cast.librarian.person, text="Pupils read.")
    assert edit(row, cast.librarian.actor) is False
    assert edit(row, cast.librarian.actor, text="Pupils read aloud.") is True
    assert list(row.abstracts.values_list("number", "text", "made_by")) == [
        (1, "Pupils read.", cast.librarian.person.pk),
        (2, "Pupils read aloud.", cast.librarian.person.pk),
    ]
    assert AuditEntry.objects.get().values.values == {"abstract": [1, 2]}


@pytest.mark.parametrize("state", PresentationState)
def test_authors_write_before_it_is_sent_and_once_it_is_accepted(cast, state):
    row = rows.presentation(cast.librarian.person, state=state, award="x" if state == "awarded" else "")
    if state in ("draft", "returned", "accepted"):
        assert edit(row, cast.librarian.actor, title="Other") is True
    else:
        with pytest.raises(Refused):
            edit(row, cast.librarian.actor, title="Other")
    for actor in (cast.hq.actor, cast.stranger.actor):
        with pytest.raises(Refused):
            edit(row, actor, title="Mine")


def test_two_authors_at_once_the_second_hears(cast):
    row = rows.presentation(cast.librarian.person, cast.colleague.person)
    seen = presentations.version(row)
    edit(row, cast.librarian.actor, text="Hers.", seen=seen)
    with pytest.raises(Stale):
        edit(row, cast.colleague.actor, text="Theirs.", seen=seen)
    assert row.abstracts.count() == 2


def test_a_colleague_of_another_school_is_asked_confirms_and_leaves(cast):
    row = rows.presentation(cast.librarian.person, school=cast.school)
    author = co_authors.ask(presentation=row, person=cast.stranger.person, actor=cast.librarian.actor)
    assert (author.school, author.state, author.order) == (cast.other_school, "invited", 2)
    assert Mail.objects.get().address == "stranger@example.kz"
    with pytest.raises(Refused):
        co_authors.ask(presentation=row, person=cast.stranger.person, actor=cast.librarian.actor)
    co_authors.confirm(presentation=row, actor=cast.stranger.actor)
    with pytest.raises(Stale):
        co_authors.confirm(presentation=row, actor=cast.stranger.actor)
    co_authors.leave(presentation=row, actor=cast.stranger.actor)
    assert [one.person for one in fresh(row).authors.all()] == [cast.librarian.person]
    assert Mail.objects.latest("id").address == "librarian@example.kz"
    with pytest.raises(Refused):
        co_authors.leave(presentation=row, actor=cast.librarian.actor)  # the last one withdraws instead
    again = co_authors.ask(presentation=row, person=cast.stranger.person, actor=cast.librarian.actor)
    assert (again.pk, again.state, Mail.objects.filter(address="stranger@example.kz").count()) == (
        author.pk,
        "invited",
        2,
    )


def test_who_has_not_confirmed_is_taken_out_and_who_has_is_not(cast):
    row = rows.presentation(cast.librarian.person, cast.colleague.person)
    invited = rows.author(row, cast.stranger.person, state="invited")
    co_authors.take_out(presentation=row, author=invited, actor=cast.colleague.actor)
    assert Author.objects.get(pk=invited.pk).state == "left"
    with pytest.raises(Stale):
        co_authors.take_out(presentation=row, author=row.authors.first(), actor=cast.colleague.actor)


def test_strangers_and_late_comers_change_no_authors(cast):
    row = rows.presentation(cast.librarian.person)
    with pytest.raises(Refused):
        co_authors.ask(presentation=row, person=cast.colleague.person, actor=cast.stranger.actor)
    Presentation.objects.update(state="submitted")
    with pytest.raises(Refused):
        co_authors.ask(presentation=row, person=cast.colleague.person, actor=cast.librarian.actor)


def test_a_draft_is_its_authors_and_what_is_accepted_is_everybodys(cast):
    names = ("librarian", "director", "other_director", "hq", "auditor", "stranger", "finance")
    seen = {
        "draft": {"librarian"},
        "proposed": {"librarian", "director", "hq", "auditor"},
        "rejected": {"librarian", "director", "hq", "auditor"},
        "accepted": set(names),
        "presented": set(names),
    }
    row = rows.presentation(cast.librarian.person, school=cast.school)
    gone = rows.author(row, cast.stranger.person, school=cast.other_school, state="left")
    assert gone.pk
    for state, who in seen.items():
        Presentation.objects.update(state=state)
        loaded = fresh(row)
        assert {name for name in names if may_see(getattr(cast, name).actor, loaded)} == who, state
        assert {name for name in names if seen_by(getattr(cast, name).actor).exists()} == who, state


def test_comments_are_between_authors_and_coordinators(cast):
    row = rows.presentation(cast.librarian.person, state="proposed")
    presentations.remark(presentation=row, text="Which year?", actor=cast.hq.actor)
    presentations.remark(presentation=row, text="This one.", actor=cast.librarian.actor)
    for actor in (cast.trainer.actor, cast.director.actor, cast.auditor.actor):
        with pytest.raises(Refused):
            presentations.remark(presentation=row, text="I too", actor=actor)
    assert list(Remark.objects.values_list("text", flat=True)) == ["Which year?", "This one."]


def test_materials_are_a_link_or_a_file_and_go_with_their_content(cast):
    row = rows.presentation(cast.librarian.person, state="presented")
    add = {"presentation": row, "title": "Slides", "kind": "slides", "actor": cast.librarian.actor}
    with pytest.raises(Refused):
        presentations.add_file(**add)
    made = presentations.add_file(**add, upload=Upload("slides.pdf", "pdf", PDF))
    assert path_of(made.file.uid).read_bytes() == PDF
    presentations.add_file(**add, url="https://example.kz/slides")
    with pytest.raises(Refused):
        presentations.remove_file(presentation=row, file=made, actor=cast.stranger.actor)
    presentations.remove_file(presentation=row, file=made, actor=cast.hq.actor)
    assert (PresentationFile.objects.count(), PrivateFile.objects.get().is_gone) == (1, True)


def ask(row, person, cast, **changes):
    given = {"due_on": timezone.localdate(), "actor": cast.hq.actor, **changes}
    return reviewing.ask(presentation=row, reviewer=person, **given)


def test_a_review_is_asked_written_once_and_read_without_the_name(cast):
    row = rows.presentation(cast.librarian.person, state="proposed", title="Reading aloud")
    review = ask(row, cast.stranger.person, cast)
    letter = Mail.objects.get()
    assert letter.address == "stranger@example.kz"
    assert cast.librarian.person.surname.encode() not in bytes(letter.message)
    with pytest.raises(Refused):
        reviewing.write(review=review, form=rows.WRITTEN, actor=cast.librarian.actor)
    reviewing.write(review=review, form=rows.WRITTEN, actor=cast.stranger.actor)
    with pytest.raises(Stale):
        reviewing.write(review=review, form=rows.WRITTEN, actor=cast.stranger.actor)
    page = cast.librarian.client().get(f"/kk/presentations/{row.uid}/").content.decode()
    assert "Say how many" not in page  # not decided yet
    Presentation.objects.update(state="endorsed")
    page = cast.librarian.client().get(f"/kk/presentations/{row.uid}/").content.decode()
    assert ("Say how many" in page, cast.stranger.person.surname in page) == (True, False)
    page = cast.hq.client().get(f"/kk/presentations/{row.uid}/").content.decode()
    assert cast.stranger.person.surname in page


def test_who_may_not_review(cast):
    row = rows.presentation(cast.librarian.person, school=cast.school, state="proposed")
    with pytest.raises(Refused):
        ask(row, cast.librarian.person, cast)  # an author
    with pytest.raises(Refused):
        ask(row, cast.stranger.person, cast, actor=cast.librarian.actor)  # asked by an author
    with pytest.raises(Refused):
        ask(row, cast.stranger.person, cast, due_on=timezone.localdate().replace(year=2020))
    ask(row, cast.colleague.person, cast)  # of the same school: not blind, so it may be
    with pytest.raises(Refused):
        co_authors.ask(presentation=row, person=cast.colleague.person, actor=cast.librarian.actor)
    Presentation.objects.update(blind=True)
    Review.objects.all().delete()
    for name in ("colleague", "director", "administrator"):
        with pytest.raises(Refused):
            ask(row, getattr(cast, name).person, cast)
    ask(row, cast.stranger.person, cast)
    Presentation.objects.update(state="returned")
    with pytest.raises(Refused):
        ask(row, cast.trainer.person, cast)


def test_a_blind_reviewer_finds_no_names_and_others_no_review(cast):
    row = rows.presentation(cast.librarian.person, school=cast.school, state="proposed", blind=True)
    review = rows.review(row, cast.stranger.person)
    url = f"/kk/reviews/{review.uid}/"
    page = cast.stranger.client().get(url)
    assert (page.status_code, cast.librarian.person.surname in page.content.decode()) == (200, False)
    for name in ("librarian", "hq", "director", "trainer"):
        assert getattr(cast, name).client().get(url).status_code == 404
    assert cast.stranger.client().get(f"/kk/presentations/{row.uid}/").status_code == 404
    Presentation.objects.update(blind=False)
    assert cast.librarian.person.surname in cast.stranger.client().get(url).content.decode()


def test_how_it_is_reviewed_stays_once_reviews_were_asked_for(cast):
    row = rows.presentation(cast.librarian.person, state="returned", blind=True)
    rows.written(row, cast.stranger.person)
    with pytest.raises(Refused):
        edit(row, cast.librarian.actor, blind=False)


def test_a_lifted_review_may_be_asked_anew(cast):
    row = rows.presentation(cast.librarian.person, state="proposed")
    review = ask(row, cast.stranger.person, cast)
    with pytest.raises(Refused):
        ask(row, cast.stranger.person, cast)
    with pytest.raises(Refused):
        reviewing.lift(review=review, actor=cast.librarian.actor)
    reviewing.lift(review=review, actor=cast.hq.actor)
    with pytest.raises(Stale):
        reviewing.write(review=review, form=rows.WRITTEN, actor=cast.stranger.actor)
    assert ask(row, cast.stranger.person, cast).pk == review.pk


def test_two_rows_of_one_person_become_one_author(cast):
    twin = make.person(email="twin@example.kz")
    both, alone = rows.presentation(cast.librarian.person), rows.presentation(twin)
    rows.author(both, twin, state="left")
    merging.merge(kept=cast.librarian.person, gone=twin, actor=cast.administrator.actor)
    assert list(Author.objects.order_by("id").values_list("presentation", "person", "state")) == [
        (both.pk, cast.librarian.person.pk, "confirmed"),
        (alone.pk, cast.librarian.person.pk, "confirmed"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [("Pupils read.", "Pupils read aloud."), ("", "New"), ("Gone", ""), ("a b c", "a x c"), ("Әр оқушы", "Әр оқушы")],
)
def test_pieces_of_a_difference_add_up_to_both_texts(before, after):
    found = differences.pieces(before, after)
    assert "".join(piece.text for piece in found if piece.kind != differences.GONE) == after
    assert "".join(piece.text for piece in found if piece.kind != differences.NEW) == before
    assert all(piece.kind == differences.SAME for piece in found) is (before == after)


def test_a_long_text_is_compared_line_by_line():
    before = "\n".join(f"{n} word" for n in range(4000))
    found = differences.pieces(before, before.replace("7 word", "7 other", 1))
    assert [piece.text for piece in found if piece.kind == differences.NEW] == ["7 other\n"]


def test_versions_side_by_side_mark_what_changed_and_keep_markup_out(cast):
    row = rows.presentation(cast.librarian.person, text="Pupils <b>read</b>.")
    Abstract.objects.create(presentation=row, number=2, text="Pupils <i>write</i>.")
    page = cast.librarian.client().get(f"/kk/presentations/{row.uid}/versions/?from=x&to=99").content.decode()
    assert "<del>&lt;b&gt;read&lt;/b&gt;.</del><ins>&lt;i&gt;write&lt;/i&gt;.</ins>" in page
