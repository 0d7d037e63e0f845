"""Handing out a private file. The view of the room that it belongs to has asked who may read it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from schools import files
from schools.models import PrivateFile


def hand_out(request: HttpRequest, file: PrivateFile) -> HttpResponse:
    """The content for the actor of the request, to look at (`?show`: pictures and PDF) or to take away.

    No cache may keep it, and no browser may take it for anything but what it is.
    """
    try:
        content = files.read(file=file, actor=request.actor)
    except files.Gone as gone:
        raise Http404(str(gone)) from gone
    away = file.is_office or "show" not in request.GET
    response = HttpResponse(content, content_type=file.media_type)
    response["Content-Disposition"] = content_disposition_header(away, file.name) or "attachment"
    response["Cache-Control"] = "private, no-store, max-age=0"
    response["X-Content-Type-Options"] = "nosniff"
    return response
