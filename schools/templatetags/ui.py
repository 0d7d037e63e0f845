"""The parts every page is made of: `{% load ui %}`. Each tag draws one template of templates/ui/.

Figures (meters, gauges, charts) stand in `ui_figures.py`, the map in `ui_map.py`, wayfinding (languages, menus,
pages) in `ui_ways.py`.
"""

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from functools import lru_cache
from re import fullmatch

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language

from schools import wording
from schools.templatetags import ui_figures, ui_map, ui_ways

register = template.Library()
ui_figures.add_to(register)
ui_map.add_to(register)
ui_ways.add_to(register)

BADGE_ICONS = {
    "ok": "check-circle-fill",
    "wait": "hourglass-split",
    "no": "x-circle-fill",
    "info": "info-circle-fill",
    "quiet": "dash-circle",
}
STEP_ICONS = {"done": "check-lg", "now": "hourglass-split", "next": "circle", "no": "x-lg"}


@register.simple_tag
def kept(name: str, **values: Hashable) -> SafeString:
    """A part of a page that follows from these values, the language and the day, drawn once and kept in memory.

    {% kept "courses/_card.html" card=card %}
    The values are plain and frozen. A row is none, since it equals itself whatever it holds by now; nor is marked
    text, which equals the same text unmarked. The part sees the values alone, not the page around it.
    """
    draw = _kept.__wrapped__ if settings.DEBUG else _kept  # who works on a template wants to see the change
    return draw(name, get_language(), timezone.localdate(), **values)


@lru_cache(maxsize=2000)
def _kept(name: str, language: str | None, today: date, **values: Hashable) -> SafeString:
    return render_to_string(name, values)


@lru_cache(maxsize=512)
def _drawing(name: str, size: int) -> str:
    if not fullmatch(r"[a-z0-9-]+", name):
        raise template.TemplateSyntaxError(f"icon: no icon is called {name!r}")
    return render_to_string(f"bs_icon/{name}.svg", {"height": str(size)})


@register.simple_tag
def icon(name: str, size: int = 18, label: str = "") -> SafeString:
    """A Bootstrap icon as inline SVG, hidden from screen readers unless it has a label.

    {% icon "calendar3" %}  {% icon "lock" 16 label=_("Private") %}
    """
    drawing = mark_safe(_drawing(name, int(size)))
    if label:
        return format_html('<span class="icon" role="img" aria-label="{}">{}</span>', label, drawing)
    return format_html('<span class="icon" aria-hidden="true">{}</span>', drawing)


@register.inclusion_tag("ui/badge.html")
def badge(kind: str, label: str, icon: str = "") -> dict[str, object]:
    """A status in a word with its icon and colour. Kinds: ok, wait, no, info, quiet.

    {% badge "ok" _("Confirmed") %}  {% badge "wait" _("98 days") icon="alarm" %}
    """
    if kind not in BADGE_ICONS:
        raise template.TemplateSyntaxError(f"badge: kind is one of {sorted(BADGE_ICONS)}, not {kind!r}")
    return {"kind": kind, "label": label, "icon": icon or BADGE_ICONS[kind]}


@register.simple_block_tag
def card(
    content: str, title: str = "", url: str = "", link: str = "", extra: str = "", level: int = 2, id: str = ""
) -> str:
    """A card. `url` makes the title a link, or stands behind `link` in the corner; `extra` adds classes.

    {% card title=_("Next dates") link=_("All") url=all_url %} ... {% endcard %}
    Classes for `extra`: card-offer (golden), card-warn (clay), card-tight, card-flat.
    """
    parts = {"content": content, "title": title, "url": url, "link": link, "extra": extra, "level": level, "id": id}
    return render_to_string("ui/card.html", parts)


@register.simple_block_tag
def page_header(content: str, title: str, lead: str = "", eyebrow: str = "") -> str:
    """The page's one h1, a line above it and a line below; the block holds its one primary action.

    {% page_header title=_("Courses") lead=found_text eyebrow=_("Catalogue") %}<a class="btn">…</a>{% endpage_header %}
    """
    parts = {"content": mark_safe(content.strip()), "title": title, "lead": lead, "eyebrow": eyebrow}
    return render_to_string("ui/page_header.html", parts)


@register.inclusion_tag("ui/date_block.html")
def date_block(moment: date | datetime | None, month: int | None = None) -> dict[str, object]:
    """A leaf of a calendar. Without a date it shows a dash, under the month (1-12) if that much is known.

    {% date_block meeting.date %}  {% date_block None month=5 %}
    """
    if not moment:
        return {"month": wording.month_name(month) if month else "", "day": None}
    day = wording.as_date(moment)
    return {
        "month": wording.month_name(day.month),
        "day": day.day,
        "year": day.year if day.year != timezone.localdate().year else None,
        "iso": day.isoformat(),
        "spoken": wording.long_date(day),
    }


@register.simple_tag
def date_range(start: date | datetime | None, end: date | datetime | None = None, year: bool = True) -> str:
    """«2026 жылғы 8–19 желтоқсан», «8–19 декабря 2026 г.», "8–19 December 2026"; `year=False` drops the year.

    {% date_range run.starts_on run.ends_on %}  {% date_range run.starts_on run.ends_on year=False %}
    """
    return wording.date_range(start, end, year=year) if start else ""


@register.inclusion_tag("ui/facts.html")
def facts(rows: Sequence[tuple[str, object]], columns: int = 2) -> dict[str, object]:
    """A list of facts as label and value; rows without a value are left out. `columns` is 1 or 2.

    {% facts run_facts %} with run_facts = [(_("Language"), _("Kazakh")), (_("Hours"), 36)]
    """
    return {"rows": [row for row in rows if row[1] not in (None, "")], "columns": columns}


@register.inclusion_tag("ui/timeline.html")
def timeline(steps: Sequence[object]) -> dict[str, object]:
    """What happened and what comes next. A step has title, state (done, now, next, no), and at, who, note.

    {% timeline steps %} with steps = [{"title": …, "state": "done", "at": moment, "who": "…", "note": "…"}]
    `at` may be a date, a datetime or ready words («27 қарашаға дейін»). Mappings and objects both serve.
    """
    return {"steps": [_step(step) for step in steps]}


def _step(step: object) -> dict[str, object]:
    def read(name: str) -> object:
        return step.get(name) if isinstance(step, dict) else getattr(step, name, None)

    state, at = str(read("state") or "next"), read("at")
    return {
        "title": read("title"),
        "state": state,
        "icon": STEP_ICONS[state],
        "who": read("who"),
        "note": read("note"),
        "moment": at if isinstance(at, date) else None,
        "has_time": isinstance(at, datetime),
        "when": "" if isinstance(at, date) else at,
    }


@register.inclusion_tag("ui/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", label: str = "", icon: str = "inbox") -> dict[str, object]:
    """What stands where a list has nothing, and what to do about it.

    {% empty_state _("Nothing waits for you") _("New requests will stand here.") url=courses_url label=_("Courses") %}
    """
    return {"title": title, "text": text, "url": url, "label": label, "icon": icon}


@register.inclusion_tag("ui/toast.html")
def toast(kind: str, text: str) -> dict[str, object]:
    """A message after a deed. Kinds: success, info, warning, error (Django's message levels), debug.

    {% toast "success" _("Saved.") %}; base.html shows Django's messages with it.
    """
    icons = {"success": "check-circle-fill", "warning": "exclamation-triangle-fill", "error": "x-octagon-fill"}
    return {"kind": kind, "text": text, "icon": icons.get(kind, "info-circle-fill")}


@register.simple_block_tag(takes_context=True)
def confirm(
    context: template.Context,
    content: str,
    label: str,
    title: str,
    url: str,
    yes: str = "",
    danger: bool = False,
    id: str = "",
    button: str = "btn btn-quiet",
) -> str:
    """A button that asks before it posts: a small window with a form, no JavaScript needed.

    {% confirm label=_("Withdraw") title=_("Give the place back?") url=withdraw_url yes=_("Yes") danger=True %}
      <p>…</p> and further fields of the form, if any {% endconfirm %}
    Several with one title on a page need an `id` each. `button` holds the classes of the opening button.
    """
    name = id or f"ask-{slugify(url) or 'here'}"
    parts = {"content": content, "label": label, "title": title, "url": url, "yes": yes, "danger": danger}
    parts |= {"id": name, "button": button, "csrf_token": context.get("csrf_token", "")}
    return render_to_string("ui/confirm.html", parts)


@register.simple_block_tag
def filter_sheet(content: str, active: int = 0, title: str = "", id: str = "filters") -> str:
    """Filters: a column on a desk, a sheet behind a button on a phone. `active` is how many are set.

    <div class="with-filters">{% filter_sheet active=2 %}<form method="get">…</form>{% endfilter_sheet %}
    <div>…the list…</div></div>
    """
    return render_to_string("ui/filter_sheet.html", {"content": content, "active": active, "title": title, "id": id})


@register.filter
def hours(value: wording.Number) -> str:
    """{{ course.hours|hours }} → «36 академиялық сағат»."""
    return wording.hours(value)


@register.filter
def short_hours(value: wording.Number) -> str:
    """{{ meeting.hours|short_hours }} → «8 сағат»."""
    return wording.short_hours(value)


@register.filter
def long_date(moment: date | datetime | None, year: bool = True) -> str:
    """{{ day|long_date }} → «2026 жылғы 23 қараша»; {{ day|long_date:False }} → «23 қараша»; nothing for None."""
    return wording.long_date(moment, year=year) if moment else ""


@register.filter
def moment(at: datetime | None, zone: str) -> str:
    """{{ run.merge_at|moment:run.zone }} → «2026 жылғы 23 қараша, 14:00» on the clock there; nothing for None."""
    return wording.moment(at, zone) if at else ""


@register.filter
def short_date(moment: date | datetime | None) -> str:
    """{{ day|short_date }} → 23.11.2026; nothing for None."""
    return wording.short_date(moment) if moment else ""


@register.filter
def number(value: wording.Number | None, digits: int | None = None) -> str:
    """{{ 1234567.5|number }} → «1 234 567,5» (en 1,234,567.5); {{ 5|number:2 }} → «5,00»; nothing for None."""
    return "" if value is None else wording.number(value, digits)
