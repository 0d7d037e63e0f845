"""Which language a reader gets who has not chosen one in the address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, get_language_from_request

from schools.models import Person

A_YEAR_S = 365 * 24 * 3600


def own_language(request: HttpRequest) -> str:
    """The account's language, else the cookie's, else what the browser asks for, else Kazakh."""
    if request.actor.person_id is not None:
        language = Person.objects.filter(pk=request.actor.person_id).values_list("language", flat=True).first()
        if language:
            return str(language)
    return get_language_from_request(request)


def remember(response: HttpResponse) -> HttpResponse:
    """Keep the language of this page in a cookie, for the next visit to the bare address."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, get_language() or settings.LANGUAGE_CODE, max_age=A_YEAR_S, samesite="Lax"
    )
    return response
