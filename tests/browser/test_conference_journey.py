"""Two librarians of two schools, from a proposal to IASL to the ten guests whom their seminar reached."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect
from pypdf import PdfReader, PdfWriter

from conferences import keeping, planning
from conferences.models import Budget, Leg, Presentation, Trip
from conferences.route_keeping import load_route
from courses.models import Run
from tests import make
from tests.browser.visitor import Visitor, mark_and_decide, said
from tests.cast import Cast
from tests.conferences import rows as conference_rows
from tests.courses import guests, rows
from tests.services.process import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AHEAD = timedelta(days=60)
ABROAD = "I agree that my name, contacts and passport data go to the organiser, the carrier and the consulate abroad"
TITLE = "Reading across borders"
TICKETS, MILLION = "1 000 000", 1_000_000_00


@dataclass
class Story:
    """Who is in it, each with a browser of their own."""

    cast: Cast
    portal: object
    browser: object

    def __post_init__(self) -> None:
        self._pages: dict[str, Page] = {}

    def page(self, name: str) -> Page:
        if name not in self._pages:
            email = getattr(self.cast, name).person.email
            self._pages[name] = Visitor(self.browser, self.portal.url, phone=name == "deputy").sign_in(email).page
        return self._pages[name]

    def letter(self, name: str, words: str) -> str:
        """The text of the letter with these words in its subject to one of the cast, once it has come."""
        address = getattr(self.cast, name).person.email

        def found() -> list:
            return [m for m in self.portal.sink.messages if address in str(m["To"]) and words in str(m["Subject"])]

        wait_until(found, what=f"the letter «{words}» to {name}", seconds=90)
        part = next(part for part in found()[-1].walk() if part.get_content_type() == "text/plain")
        return part.get_content()

    def open_letter(self, name: str, words: str) -> Page:
        """Follow the link of that letter."""
        page = self.page(name)
        page.goto(re.search(rf"{self.portal.url}/kk/\S+", self.letter(name, words))[0])
        return page


@pytest.fixture
def story(cast, stack, browser) -> Story:
    stack.web()
    stack.worker()
    stack.beat()
    load_route()
    rows.topic()
    rows.chain()
    today = timezone.localdate()
    start = today + AHEAD
    edition = conference_rows.edition(
        year=start.year, starts_on=start + timedelta(days=1), ends_on=start + timedelta(days=5)
    )
    conference_rows.call(edition, opens_on=today - timedelta(days=30), abstract_due=today + timedelta(days=20))
    plan = {"travel": 5 * MILLION, "per_diem": 5 * MILLION}
    planning.plan(year=start.year, school=None, planned=plan, actor=cast.hq.actor, now=timezone.now())
    return Story(cast, stack, browser)


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=said(text), exact=True).click()


def test_from_a_proposal_to_the_people_it_reached(story: Story) -> None:
    presentation = propose(story)
    trip = ask(story, presentation)
    approve(story, trip)
    order(story, trip)
    weeks_go_by(trip)
    account(story, trip)
    write_what_was_learned(story, trip)
    pass_on(story, trip)
    read_the_chain(story, trip)


def propose(story: Story) -> Presentation:
    """The librarian writes, the stranger of another school joins by mail, HQ endorses, IASL accepts."""
    page = story.page("librarian")
    page.goto("/kk/presentations/new/")
    page.locator("[name=edition]").select_option(index=1)
    page.locator("[name=title]").fill(TITLE)
    page.locator("[name=text]").fill("Pupils of two cities read the same book and write to each other.")
    press(page, "Save the draft")
    presentation = Presentation.objects.get(title=TITLE)
    page.locator("form[action$='/authors/'] input[type=text]").fill(story.cast.stranger.person.email)
    press(page, "Ask to join")
    other = story.page("stranger")
    other.goto(page.url)
    press(other, "Yes, I take part")
    for name, verb in (("librarian", "propose"), ("hq", "endorse"), ("librarian", "submit"), ("librarian", "accept")):
        reader = story.page(name)
        reader.goto(f"/kk/presentations/{presentation.uid}/")
        reader.locator(f"form.deed:has(input[value={verb}]) button").click()
    wait_until(lambda: Presentation.objects.get().state == "accepted", what="the outcome", seconds=120)
    return presentation


def ask(story: Story, presentation: Presentation) -> Trip:
    """The request, part by part; the other traveller is asked by mail, and agrees."""
    start, end = timezone.localdate() + AHEAD, timezone.localdate() + AHEAD + timedelta(days=6)
    page = story.page("librarian")
    page.goto(f"/kk/trips/new/?presentation={presentation.uid}")
    expect(page.locator("[name=city]")).to_have_value("Lisbon")
    page.locator("[name=purpose]").fill("IASL-де баяндама жасап, тәжірибені мектептерге жеткізу.")
    page.locator("[name=starts_on]").fill(start.isoformat())
    page.locator("[name=ends_on]").fill(end.isoformat())
    press(page, "Save")
    trip = Trip.objects.get()
    write_travellers(page, trip, story.cast)
    write_way(page, trip, start, end)
    write_costs(page, trip)
    write_promises(page, trip, end + timedelta(days=200))
    agree(page)
    agree(story.open_letter("stranger", said("You are named for a trip")))
    page.goto(f"/kk/trips/{trip.uid}/")
    press(page, "Send")
    expect(page.get_by_text(said("The request was sent. You will hear of every step."))).to_be_visible()
    assert Budget.objects.get(kind="travel").reserved == MILLION
    return trip


def write_travellers(page: Page, trip: Trip, cast: Cast) -> None:
    page.goto(f"/kk/trips/{trip.uid}/travellers/")
    page.locator("[name=rows-0-covered_by]").fill("Ғабитова Гүлнар")
    page.locator("[name=rows-1-person]").select_option(cast.stranger.person.uid)
    page.locator("[name=rows-1-role]").select_option("speaker")
    page.locator("[name=rows-1-covered_by]").fill("Кітапхана меңгерушісі")
    press(page, "Save")


def write_way(page: Page, trip: Trip, start: date, end: date) -> None:
    """The portal has guessed there and back; both arrive the same day."""
    page.goto(f"/kk/trips/{trip.uid}/way/")
    for number, day in enumerate((start, end)):
        page.locator(f"[name=rows-{number}-origin]").fill("Семей" if number == 0 else "Lisbon")
        page.locator(f"[name=rows-{number}-destination]").fill("Lisbon" if number == 0 else "Семей")
        page.locator(f"[name=rows-{number}-departs_on]").fill(day.isoformat())
        page.locator(f"[name=rows-{number}-arrives_on]").fill(day.isoformat())
    press(page, "Save")


def write_costs(page: Page, trip: Trip) -> None:
    page.goto(f"/kk/trips/{trip.uid}/estimate/")
    page.locator("[name=rows-0-kind]").select_option("travel")
    page.locator("[name=rows-0-what]").fill("билет")
    page.locator("[name=rows-0-amount]").fill(TICKETS)
    press(page, "Save")


def write_promises(page: Page, trip: Trip, due: date) -> None:
    page.goto(f"/kk/trips/{trip.uid}/promises/")
    press(page, "Add a promise")
    for number in range(2):
        page.locator(f"[name=rows-{number}-person]").select_option(index=number)
        page.locator(f"[name=rows-{number}-what]").fill("Екі қаланың оқырмандары")
        page.locator(f"[name=rows-{number}-audience]").select_option("country")
        page.locator(f"[name=rows-{number}-due_on]").fill(due.isoformat())
    press(page, "Save")


def agree(page: Page) -> None:
    page.locator("[name=travel]").check()
    page.locator("[name=abroad]").check()
    press(page, "I agree")


def approve(story: Story, trip: Trip) -> None:
    """The director returns it with a word, it is sent again, the deputy says yes on a phone, then all the others."""
    waits = said("A trip waits for your decision")
    page = story.open_letter("director", waits)
    page.locator("[name=note]").first.fill("Мақсатын нақтылаңыз")
    press(page, "Return for revision")
    page = story.open_letter("librarian", said("The trip needs a change"))
    expect(page.get_by_text("Мақсатын нақтылаңыз")).to_be_visible()
    page.goto(f"/kk/trips/{trip.uid}/about/")
    page.locator("[name=purpose]").fill("IASL-де баяндама жасау, оралған соң облыс мектептеріне семинар өткізу.")
    press(page, "Save")
    press(page, "Send again")
    assert Trip.objects.get().version == 2
    for name in ("deputy", "other_director", "hq", "finance"):
        story.letter(name, waits)
        page = story.page(name)
        page.goto(f"/kk/trips/{trip.uid}/")
        press(page, "Approve")
        expect(page.get_by_text(said("Your decision has been recorded."))).to_be_visible()
    trip.refresh_from_db()
    assert (trip.state, trip.order_number) == ("approved", 1)
    assert Budget.objects.get(kind="travel").committed == MILLION


def order(story: Story, trip: Trip) -> None:
    """The letter to the other traveller leads to the order in both languages."""
    page = story.open_letter("stranger", said("The trip is approved"))
    for language, title in (("kk", "Бұйрық"), ("ru", "Приказ")):
        link = page.locator(f"a[href$='/order/{language}/']").get_attribute("href")
        pdf = PdfReader(BytesIO(page.context.request.get(story.portal.url + link).body()))
        text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
        assert title in text
        assert story.cast.stranger.person.surname in text
        assert story.cast.deputy.person.surname in text


def weeks_go_by(trip: Trip) -> None:
    """The trip is over since ten days, with its way and its promises unchanged; the budget is that of its year."""
    back = AHEAD + timedelta(days=16)
    Trip.objects.filter(pk=trip.pk).update(starts_on=F("starts_on") - back, ends_on=F("ends_on") - back)
    Leg.objects.filter(trip=trip).update(departs_on=F("departs_on") - back, arrives_on=F("arrives_on") - back)
    trip.refresh_from_db()
    Budget.objects.update(year=trip.starts_on.year)


def account(story: Story, trip: Trip) -> None:
    """What the tickets did cost, with the receipt; finance accepts, and what was left of the money is free again."""
    page = story.page("librarian")
    page.goto(f"/kk/trips/{trip.uid}/account/")
    press(page, "Begin the report")
    page.get_by_role("main").get_by_role("link", name=re.compile("билет")).click()
    page.locator("[name=amount]").fill("900 000")
    page.set_input_files("[name=receipt]", {"name": "чек.pdf", "mimeType": "application/pdf", "buffer": receipt()})
    press(page, "Save")
    press(page, "Send")
    finance = story.page("finance")
    finance.goto(f"/kk/trips/{trip.uid}/account/")
    press(finance, "Accept")
    wait_until(lambda: Budget.objects.get(kind="travel").spent == 9 * MILLION // 10, what="the account", seconds=120)
    assert Budget.objects.get(kind="travel").committed == 0


def receipt() -> bytes:
    paper, file = PdfWriter(), BytesIO()
    paper.add_blank_page(200, 300)
    paper.write(file)
    return file.getvalue()


def write_what_was_learned(story: Story, trip: Trip) -> None:
    """A draft first, then open to colleagues; with both reports the trip is completed."""
    page = story.page("librarian")
    page.goto(f"/kk/trips/{trip.uid}/report/write/")
    page.locator("[name=title]").fill("Екі қаланың оқырмандары")
    page.locator("[name=learned]").fill("Оқушылар бір кітапты оқып, бір-біріне хат жазады.")
    page.locator("[name=ideas]").fill("Көрші мектеппен хат алмасуды бастау.")
    press(page, "Save")
    press(page, "Open to colleagues")
    press(page, "Yes, open")
    wait_until(lambda: Trip.objects.get().state == "closed", what="the end of the trip", seconds=120)


def pass_on(story: Story, trip: Trip) -> None:
    """HQ makes a seminar of the promise by one click; ten guests of two schools come, and the traveller marks them."""
    promise = trip.promises.get(person=story.cast.librarian.person)
    hq = story.page("hq")
    hq.goto(f"/kk/promises/{promise.uid}/")
    hq.locator("[name=topic]").select_option(index=1)
    press(hq, "Make a draft seminar")
    expect(hq).to_have_url(re.compile("/organise/"))
    run = Run.objects.get(trainers__person=story.cast.librarian.person)
    let_it_begin(run)
    north = make.region("KZ-59", name_kk="Солтүстік Қазақстан облысы")
    guests.confirmed(run, 6, school=make.general_school("№ 12 орта мектеп"))
    guests.confirmed(run, 4, school=make.general_school("№ 3 орта мектеп", region=north))
    mark_and_decide(story.page("librarian"), run)
    Run.objects.filter(pk=run.pk).update(
        starts_on=F("starts_on") - timedelta(days=1), ends_on=F("ends_on") - timedelta(days=1)
    )
    keeping.keep_due()  # what the clock does every few minutes
    promise.refresh_from_db()
    assert (promise.state, promise.run) == ("kept", run)


def let_it_begin(run: Run) -> None:
    """It was published to staff of any school, and has begun ten minutes ago."""
    begun, today = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=10), timezone.localdate()
    fields = {"state": "published", "outreach": True, "capacity": 40, "starts_on": today, "ends_on": today}
    Run.objects.filter(pk=run.pk).update(**fields)
    run.meetings.all().delete()
    run.meetings.create(starts_at=begun, ends_at=begun + timedelta(hours=3), hours=4, day=today)
    run.refresh_from_db()


def read_the_chain(story: Story, trip: Trip) -> None:
    """One trip, one seminar, ten people of two schools and two regions; a tenth of what the tickets did cost each."""
    page = story.page("librarian")
    page.goto(f"/kk/trips/{trip.uid}/")
    page.get_by_role("main").get_by_role("link", name=said("Chain of effect")).click()
    figures = [" ".join(tile.split()) for tile in page.locator(".tiles > *").all_inner_texts()]
    assert [re.match(r"[\d\s]+", figure)[0].strip() for figure in figures] == ["2", "1", "10", "90 000"]
    main = page.get_by_role("main")
    expect(main).to_contain_text("Солтүстік Қазақстан облысы")
    page.goto(page.url + "schools/")
    expect(main).to_contain_text("№ 12 орта мектеп")
    expect(main).to_contain_text("№ 3 орта мектеп")
