"""The parts of a guest's page for the day itself: one tag, so that the page needs one line for them."""

from django import template
from django.utils import timezone

from courses import guest_day as reads
from courses.models import Signup

register = template.Library()


@register.inclusion_tag("courses/guest/_day.html", takes_context=True)
def guest_day(context: template.Context, signup: Signup, token: str) -> dict[str, object]:
    """{% guest_day signup token %}: tickets and «we are here»."""
    return {
        "signup": signup,
        "run": signup.run,
        "token": token,
        "csrf_token": context.get("csrf_token", ""),
        "day": reads.of(signup, now=timezone.now()),
    }
