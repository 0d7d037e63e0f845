"""What guests do on the day, from the page behind their link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses import guest_check_in
from courses.models import Signup
from courses.views.checking_in import TOO_MANY, too_many_wrong
from courses.views.guest import back, page
from courses.views.guest_door import by_link
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
