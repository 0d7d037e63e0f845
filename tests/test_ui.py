"""The parts of pages: words of three languages, hostile text, lengths in SVG, edges of meters, and the fonts."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import html5lib
import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from django.utils.formats import get_format, sanitize_separators
from fontTools.ttLib import TTFont

from nis_library.home import fonts
from schools import figures, wording
from schools.access import NOBODY

ROOT = Path(__file__).resolve().parent.parent
HOSTILE = "<script>alert(1)</script>\"'&"


def draw(source, **context):
    return Template("{% load i18n ui %}" + source).render(Context(context))


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# -- dates and numbers in words --------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "long", "month", "year", "years"),
    [
        (
            "kk",
            "2026 жылғы 23 қараша",
            "2026 жылғы 8–19 желтоқсан",
            "2026 жылғы 30 қараша – 4 желтоқсан",
            "2026 жылғы 30 желтоқсан – 2027 жылғы 3 қаңтар",
        ),
        (
            "ru",
            "23 ноября 2026 г.",
            "8–19 декабря 2026 г.",
            "30 ноября – 4 декабря 2026 г.",
            "30 декабря 2026 г. – 3 января 2027 г.",
        ),
        (
            "en",
            "23 November 2026",
            "8–19 December 2026",
            "30 November – 4 December 2026",
            "30 December 2026 – 3 January 2027",
        ),
    ],
)
def test_dates_are_written_as_each_language_writes_them(language, long, month, year, years):
    ranges = [
        (date(2026, 12, 8), date(2026, 12, 19)),
        (date(2026, 11, 30), date(2026, 12, 4)),
        (date(2026, 12, 30), date(2027, 1, 3)),
    ]
    assert wording.long_date(date(2026, 11, 23), language) == long
    assert [wording.date_range(*pair, language) for pair in ranges] == [month, year, years]
    assert wording.date_range(date(2026, 11, 23), None, language) == long


def test_a_range_without_the_year_still_says_it_where_the_years_differ():
    assert wording.date_range(date(2026, 12, 8), date(2026, 12, 19), "kk", year=False) == "8–19 желтоқсан"
    assert wording.date_range(date(2026, 11, 30), date(2026, 12, 4), "ru", year=False) == "30 ноября – 4 декабря"
    across = wording.date_range(date(2026, 12, 30), date(2027, 1, 3), "en", year=False)
    assert across == "30 December 2026 – 3 January 2027"


def test_the_day_of_a_moment_is_the_day_in_almaty():
    late = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
    assert wording.short_date(late) == "24.11.2026"
    assert wording.long_date(late, "kk") == "2026 жылғы 24 қараша"


@pytest.mark.parametrize(
    ("language", "shown"), [("kk", "1\xa0234\xa0567,5"), ("ru", "1\xa0234\xa0567,5"), ("en", "1,234,567.5")]
)
def test_numbers_follow_the_language(language, shown):
    with translation.override(language):
        assert wording.number(1234567.5) == shown
        assert wording.number(Decimal("36.00")) == "36"
        assert wording.number(100) == "100"
        assert sanitize_separators("12,5" if language != "en" else "12.5") == "12.5"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("kk", ["1 академиялық сағат", "36 академиялық сағат", "1,5 академиялық сағат"]),
        ("ru", ["1 академический час", "36 академических часов", "1,5 академического часа"]),
        ("en", ["1 academic hour", "36 academic hours", "1.5 academic hours"]),
    ],
)
def test_academic_hours_agree_with_their_number(language, expected):
    with translation.override(language):
        assert [wording.hours(value) for value in (1, 36, Decimal("1.5"))] == expected


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_forms_take_the_countrys_dates_and_iso(language):
    with translation.override(language):
        assert get_format("DATE_INPUT_FORMATS")[:2] == ["%d.%m.%Y", "%Y-%m-%d"]
        assert get_format("SHORT_DATE_FORMAT") == "d.m.Y"
        assert get_format("TIME_FORMAT") == "H:i"
        assert get_format("FIRST_DAY_OF_WEEK") == 1


# -- hostile text ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "source",
    [
        '{% badge "ok" x %}',
        "{% card title=x link=x %}{{ x }}{% endcard %}",
        "{% page_header title=x lead=x eyebrow=x %}{{ x }}{% endpage_header %}",
        "{% facts rows %}",
        "{% timeline steps %}",
        "{% stat_tile x x note=x unit=x %}",
        "{% progress 1 2 x %}",
        "{% gauge 1 2 x %}",
        "{% meter 1 2 label=x %}",
        "{% bar_chart bars x unit=x now=x before=x %}",
        "{% trend_chart labels series x %}",
        "{% empty_state x x url=x label=x %}",
        '{% toast "error" x %}',
        "{% breadcrumbs links %}",
        "{% tabs links x %}",
        "{% confirm label=x title=x url=x yes=x %}{{ x }}{% endconfirm %}",
        "{% filter_sheet title=x %}{{ x }}{% endfilter_sheet %}",
        '{% icon "lock" label=x %}',
    ],
)
def test_markup_in_a_text_stays_text(source):
    html = draw(
        source,
        x=HOSTILE,
        rows=[(HOSTILE, HOSTILE)],
        links=[(HOSTILE, HOSTILE, True)] if "tabs" in source else [(HOSTILE, HOSTILE)],
        steps=[{"title": HOSTILE, "state": "done", "at": HOSTILE, "who": HOSTILE, "note": HOSTILE}],
        bars=[(HOSTILE, 1, 2)],
        labels=[HOSTILE],
        series=[(HOSTILE, [1]), (HOSTILE, [2])],
    )
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert not re.search(r'="[^"]*<script', html)


def test_an_icon_is_named_by_letters_only():
    with pytest.raises(TemplateSyntaxError, match="no icon"):
        draw("{% icon name %}", name="../../etc/passwd")


def test_a_badge_of_an_unknown_kind_is_refused():
    with pytest.raises(TemplateSyntaxError, match="kind is one of"):
        draw('{% badge "purple" "x" %}')


# -- pictures --------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_lengths_in_pictures_have_a_decimal_point_in_every_language(language):
    with translation.override(language):
        html = draw(
            "{% seat_meter 1 3 %}{% gauge 1.5 40 %}{% bar_chart bars 'c' %}{% trend_chart labels series 'c' %}"
            "{% progress 1234 4321 'x' %}{% meter 1 3 %}",
            bars=[("a", 3), ("b", 1)],
            labels=[2024, 2025, 2026],
            series=[("n", [1, 2.5, None])],
        )
    lengths = re.findall(r'(?:width|x|y|d|max|value|stroke-dasharray)="([^"]+)"', html)
    assert len(lengths) > 10
    assert [length for length in lengths if "," in length or "\xa0" in length] == []
    assert 'width="33.33"' in html
    assert 'stroke-dasharray="3.75 200"' in html


def test_a_comma_in_a_length_would_be_seen():
    """The twin: Django itself prints 12,5 in Kazakh, which is why lengths are made as strings."""
    with translation.override("kk"):
        assert Template("{{ x }}").render(Context({"x": 12.5})) == "12,5"


@pytest.mark.parametrize(
    ("arguments", "pieces", "shown"),
    [
        ("0 30", [], "30 of 30 seats free"),
        ("26 30 waiting=2 offered=1 mine=1", ["86.67", "3.33"], "3 of 30 seats free · 1 seat for your school"),
        ("40 40 waiting=7", ["100"], "all 40 seats are taken · 7 in the queue"),
        ("45 40 offered=3", ["100"], "all 40 seats are taken · 3 offered"),
        ("0 0", [], "all 0 seats are taken"),
        ("12 1500", ["0.8"], "1,488 of 1,500 seats free"),
        ("5 None", [], "Seats without limit"),
        ("1 1 mine=0", ["100"], "the 1 seat is taken · 0 seats for your school"),
    ],
)
def test_the_seat_meter_keeps_its_bounds(arguments, pieces, shown):
    with translation.override("en"):
        html = draw("{% seat_meter " + arguments + " %}")
    assert re.findall(r'<rect[^>]* width="([^"]+)"', html) == pieces
    assert shown in words(html)


def test_lengths_of_a_meter_never_pass_the_whole():
    pieces = figures.meter_pieces([("taken", 29), ("offered", 5), ("more", 1)], 30)
    assert [(p.kind, p.x, p.width) for p in pieces] == [("taken", "0", "96.67"), ("offered", "96.67", "3.33")]
    assert figures.percent(-3, 10) == 0
    assert figures.percent(1, 0) == 0


@pytest.mark.parametrize(("highest", "top"), [(0, 1), (0.3, 0.5), (7, 10), (10, 10), (101, 200), (240, 250)])
def test_the_scale_ends_at_a_round_number(highest, top):
    assert figures.nice_top(highest) == pytest.approx(top)


def test_a_gap_in_a_trend_lifts_the_pen_and_leaves_the_area_out():
    line = figures.trend_line("x", [10, None, 5, 0], 10)
    assert line.path == "M12.5 0M62.5 50L87.5 100"
    assert line.area == ""
    assert line.dots == ["M12.5 0h0", "M62.5 50h0", "M87.5 100h0"]
    assert figures.trend_line("x", [0, 10], 10).area == "M25 100L75 0L75 100L25 100Z"


def test_the_last_label_of_an_axis_always_stands():
    assert figures.spaced([str(year) for year in range(2011, 2027)])[-1] == "2026"
    assert sum(bool(label) for label in figures.spaced([str(n) for n in range(100)])) <= 7
    assert figures.spaced([]) == []


def test_a_date_block_without_a_date_says_so():
    with translation.override("kk"):
        assert words(draw("{% date_block None month=5 %}")) == "мамыр — Күні әлі белгіленбеген"
        assert 'datetime="2031-03-01"' in draw("{% date_block d %}", d=date(2031, 3, 1))
        assert words(draw("{% date_block d %}", d=date(2031, 3, 1))) == "наурыз 1 2031"


# -- ways ------------------------------------------------------------------------------------------
def test_pages_keep_the_rest_of_the_query():
    request = RequestFactory().get("/kk/", {"q": "a&b=c", "lang": ["kk", "ru"], "page": "2"})
    page = Paginator(range(100), 10).page(2)
    html = draw("{% pagination page %}{% query_with q=None view='month' %}", page=page, request=request)
    assert 'href="?q=a%26b%3Dc&amp;lang=kk&amp;lang=ru&amp;page=3"' in html
    assert "page=2&amp;page=" not in html
    assert html.endswith("?lang=kk&amp;lang=ru&amp;page=2&amp;view=month")


def test_a_single_page_has_no_pages():
    request = RequestFactory().get("/kk/")
    assert draw("{% pagination page %}", page=Paginator([1], 10).page(1), request=request).strip() == ""


def test_the_language_switch_keeps_the_page_and_its_query():
    with translation.override("kk"):
        request = RequestFactory().get("/kk/account/login/", {"next": "/kk/x/?a=1"})
        source = "{% languages as all %}{% for one in all %}{{ one.code }} {{ one.url }} {{ one.here }}\n{% endfor %}"
        html = draw(source, request=request)
    assert html.split("\n")[:3] == [
        "kk /kk/account/login/?next=%2Fkk%2Fx%2F%3Fa%3D1 True",
        "ru /ru/account/login/?next=%2Fkk%2Fx%2F%3Fa%3D1 False",
        "en /en/account/login/?next=%2Fkk%2Fx%2F%3Fa%3D1 False",
    ]


def test_an_address_that_is_not_built_is_empty():
    assert draw('{% address "nowhere:at_all" %}|{% address "account_login" %}').split("|")[0] == ""


# -- whole pages -----------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_error_pages_need_neither_request_nor_database(page, language):
    with translation.override(language):
        html = render_to_string(page, {"exception": "secret", "reason": "secret"})
    assert "secret" not in html
    assert f'<html lang="{language}">' in html
    html5lib.HTMLParser(strict=True).parse(html)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_frame_of_a_page_is_sound_html(language, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    request = RequestFactory().get(f"/{language}/account/login/")
    request.user, request.session, request.actor = AnonymousUser(), {}, NOBODY
    request._messages = FallbackStorage(request)
    request._messages.add(25, HOSTILE)
    with translation.override(language):
        html = render_to_string("base.html", {"messages": request._messages}, request=request)
    assert f'<html lang="{language}">' in html
    assert "<script>alert" not in html
    assert html.count("<h1") == 0
    assert "style=" not in html
    html5lib.HTMLParser(strict=True).parse(html)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_sign_in_and_account_pages_are_sound_html_under_the_strict_policy(language, client, django_user_model):
    def look(path):
        response = client.get(f"/{language}/account/{path}")
        html = response.content.decode()
        assert (path, response.status_code) == (path, 200)
        assert html.count("<h1") == 1
        assert re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>| style=| on[a-z]+=", html) == []
        html5lib.HTMLParser(strict=True).parse(html)

    for path in ("login/", "password/reset/", "password/reset/done/", "inactive/", "signup/"):
        look(path)
    client.force_login(django_user_model.objects.create(email="reader@example.kz"))
    for path in ("logout/", "password/change/", "email/", "2fa/", "2fa/webauthn/", "3rdparty/"):
        look(path)


# -- fonts -----------------------------------------------------------------------------------------
def test_fonts_hold_every_letter_and_are_made_once(tmp_path):
    made = fonts.build(tmp_path)
    assert [path.name for path in made] == ["pt-sans-regular.woff2", "pt-sans-bold.woff2", "pt-serif-bold.woff2"]
    assert sum(path.stat().st_size for path in made) < 55_000
    alphabet = "АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ"
    for path in made:
        with TTFont(path) as font:
            letters = font.getBestCmap()
        assert [sign for sign in alphabet + alphabet.lower() + "«»№–—" if ord(sign) not in letters] == []
    assert fonts.build(tmp_path) == []


def test_styles_name_only_fonts_that_are_built():
    named = set(re.findall(r"fonts/([\w-]+\.woff2)", (ROOT / "static/css/frame.css").read_text()))
    assert named == {face.file for face in fonts.FACES}
