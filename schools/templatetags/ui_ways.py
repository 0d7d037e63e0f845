"""Finding one's way, for `{% load ui %}`: languages, breadcrumbs, tabs and pages of a list."""

from collections.abc import Sequence

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import get_language

SHORT_NAMES = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}
OWN_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def _in_language(path: str, code: str, current: str) -> str:
    moved = str(translate_url(path, code))
    if code != current and moved == path:
        return f"/{code}/"
    return moved


def languages(context: template.Context) -> list[dict[str, object]]:
    """The same page in each language: code, short («Қаз»), name («Қазақша»), url, here.

    {% languages as tongues %}; a page without a language in its path may give `language_urls` ({code: url}) itself.
    """
    request: HttpRequest | None = context.get("request")
    current = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    path = request.get_full_path() if request else "/"
    given = context.get("language_urls") or {}
    return [
        {
            "code": code,
            "short": SHORT_NAMES.get(code, code),
            "name": OWN_NAMES.get(code, code),
            "url": given.get(code) or _in_language(path, code, current),
            "here": code == current,
        }
        for code, _ in settings.LANGUAGES
    ]


def address(name: str, *args: object) -> str:
    """The address of a page, or nothing where the page is not built: {% address "schools:mailbox" as url %}."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> dict[str, object]:
    """The way back, from the top down, without the page itself.

    {% breadcrumbs trail %} with trail = [(_("Courses"), "/kk/courses/"), …]
    """
    return {"steps": steps}


def tabs(items: Sequence[Sequence[object]], label: str) -> dict[str, object]:
    """Parts of one page as links: (label, url, here) or (label, url, here, count).

    {% tabs items _("Parts of the course") %} with items = [(_("Roster"), url, True, 24), …]
    """
    keys = ("label", "url", "here", "count")
    return {"items": [dict(zip(keys, (*item, None), strict=False)) for item in items], "label": label}


def pagination(context: template.Context, page: Page, param: str = "page") -> dict[str, object]:
    """Pages of a list as links that keep every other part of the query. Nothing for a single page.

    {% pagination page_obj %}  {% pagination page_obj param="p" %}
    """
    query = context["request"].GET.copy()
    query.pop(param, None)
    kept = query.urlencode()
    paginator = page.paginator
    return {
        "page": page,
        "param": param,
        "many": paginator.num_pages > 1,
        "numbers": list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "gap": paginator.ELLIPSIS,
        "kept": f"{kept}&" if kept else "",
    }


def query_with(context: template.Context, **changes: object) -> str:
    """This page's query with some parts changed; None or "" takes a part out.

    <a href="{% query_with view="month" page=None %}">
    """
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


def add_to(register: template.Library) -> None:
    register.simple_tag(languages, takes_context=True)
    register.simple_tag(address)
    register.simple_tag(query_with, takes_context=True)
    register.inclusion_tag("ui/breadcrumbs.html")(breadcrumbs)
    register.inclusion_tag("ui/tabs.html")(tabs)
    register.inclusion_tag("ui/pagination.html", takes_context=True)(pagination)
