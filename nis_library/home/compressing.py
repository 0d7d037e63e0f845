"""Pages are packed on their way to the reader: thin mobile data is what a village has."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressPages(GZipMiddleware):
    """Django's gzip, which pads by chance against guessing by length, for HTML alone.

    Files keep their length, so that a download shows how far it is; static files are packed when they are built.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
