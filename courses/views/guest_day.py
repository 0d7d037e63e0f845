"""What guests do on the day and after it, from the page behind their link."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses import certificate_pdf, certificates, guest_check_in, guest_links, guest_queries
from courses import feedback as verbs
from courses.certificate_queries import for_pages
from courses.forms.feedback import FeedbackForm
from courses.models import Enrolment, Signup
from courses.signing_up import GUEST
from courses.states import CertificateState
from courses.views.checking_in import TOO_MANY, too_many_wrong
from courses.views.guest import back, page
from courses.views.guest_door import by_link, language_urls
from courses.views.teaching import pdf_response
from schools.answering import status_of
from schools.errors import Refused


@by_link
@require_POST
def here(request: HttpRequest, signup: Signup) -> HttpResponse:
    """«We are here»: the letters of the wall's code, and who of the sign-up came."""
    try:
        rows = guest_check_in.by_link(
            signup=signup, typed=request.POST.get("code", ""), came=set(request.POST.getlist("who"))
        )
    except guest_check_in.UnknownCode as refusal:
        if too_many_wrong(request):
            return page(request, signup, problem=str(TOO_MANY), status=429)
        return page(request, signup, problem=str(refusal), status=422)
    except Refused as refusal:
        return page(request, signup, problem=str(refusal), status=422)
    names = ", ".join(row.person.full_name for row in rows)
    messages.success(request, _("Marked as present: %(names)s.") % {"names": names})
    return back(signup)


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, signup: Signup, *, uid: str) -> HttpResponse:
    """The questions after the seminar, for one person of the sign-up; kept without a name, as everybody's."""
    row = get_object_or_404(Enrolment.objects.select_related("person", "run__course"), uid=uid, signup=signup)
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _questions(request, signup, row, form)
    if not form.is_valid():
        return _questions(request, signup, row, form, status=422)
    try:
        verbs.give(enrolment=row, answer=form.answer(), actor=GUEST, link_of=signup)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _questions(request, signup, row, form, status=status_of(refusal))
    messages.success(request, _("Thank you! Your answer is kept without your name."))
    return redirect("guest:feedback", token=guest_links.token(signup), uid=uid)


def _questions(
    request: HttpRequest, signup: Signup, row: Enrolment, form: FeedbackForm, status: int = 200
) -> HttpResponse:
    context = {
        "row": row,
        "run": row.run,
        "form": form,
        "token": guest_links.token(signup),
        "answered": verbs.has_answered(row),
        "asked": verbs.is_asked(row, now=timezone.now()),
        **language_urls(request),
    }
    return render(request, "courses/guest/feedback.html", context, status=status)


@by_link
@require_safe
def certificate(request: HttpRequest, signup: Signup, *, uid: str, language: str) -> HttpResponse:
    """The document of one person of this address, in one of three languages; a certificate without force has none."""
    people = Enrolment.objects.filter(guest_queries.theirs(signup), uid=uid)
    row = for_pages().filter(enrolment__in=people, state=CertificateState.VALID).first()
    if row is None or language not in certificates.LANGUAGES:
        raise Http404
    pdf = certificate_pdf.render(row, language=language)
    return pdf_response(pdf, certificate_pdf.file_name(row, language=language))
