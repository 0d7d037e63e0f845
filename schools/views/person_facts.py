"""What the page of one person shows, and which deeds it offers to whom."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from schools import access, invitations
from schools.access import Actor
from schools.models import Membership, Person
from schools.phones import spoken_phone
from schools.states import Role


def person_page_context(person: Person, actor: Actor) -> dict[str, object]:
    """Facts, roles and allowed deeds. `person` comes from `queries.with_roles`."""
    today = timezone.localdate()
    memberships = list(
        Membership.objects.filter(person=person)
        .select_related("school")
        .prefetch_related("school__names")
        .order_by("-valid_from", "-id")
    )
    to_come = {row.role for row in memberships if row.valid_to is None or row.valid_to >= today}
    manages = access.may_manage_people(actor) and person.archived_at is None
    return {
        "person": person,
        "trail": people_trail(actor),
        "facts": record_facts(person),
        "account_state": invitations.state_of(person),
        "roles": [_role(row, actor, today) for row in memberships],
        "manages": manages,
        "may_change": manages and access.may_change_person(actor, to_come),
        "is_own": actor.person_id == person.pk,
        "may_transfer": manages and any(row.role == Role.LIBRARIAN and not row.valid_to for row in memberships),
    }


def people_trail(actor: Actor, person: Person | None = None) -> list[tuple[str, str]]:
    """The way back to the list of people, for those who may see it, and to the person where a page lies below."""
    trail = [(_("People"), reverse("schools:people"))] if access.may_list_people(actor) else []
    return [*trail, (person.full_name, reverse("schools:person", args=[person.uid]))] if person else trail


def record_facts(person: Person) -> list[tuple[str, object]]:
    """What is on record of a person, for a list of facts."""
    return [
        (_("Post"), capfirst(person.get_post_display())),
        (_("Qualification category"), capfirst(person.get_category_display()) if person.category else ""),
        (_("E-mail"), person.email),
        (_("Phone"), spoken_phone(person.phone)),
        (_("Name in Latin letters"), person.latin_name),
        (_("Language"), capfirst(person.get_language_display())),
    ]


def _role(row: Membership, actor: Actor, today: date) -> dict[str, object]:
    """One role of the list: what it is, when it holds, and whether the actor may end it."""
    over = row.valid_to is not None and row.valid_to < today
    to_come = row.valid_from > today
    own = actor.person_id == row.person_id
    return {
        "row": row,
        "over": over,
        "to_come": to_come,
        "may_end": not over and not own and access.may_grant(actor, row.role, row.school_id),
    }
