"""Words about a school of the directory: `{% load directory %}`."""

from django import template

from schools.models import School
from schools.models.school import in_language

register = template.Library()


@register.simple_tag
def school_place(school: School) -> str:
    """«Талғар, Талғар ауданы, Алматы облысы»: settlement, district and region, each once."""
    parts = (in_language(school, "city"), in_language(school, "district"), in_language(school.region, "name"))
    return ", ".join(dict.fromkeys(part for part in parts if part))
