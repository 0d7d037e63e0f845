"""People: invite, correct, keep one's own profile, open and close accounts. Roles are in `roles`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from schools import audit, invitations, registry, roles
from schools.access import Actor, is_administrator, may_change_person
from schools.errors import Refused
from schools.models import Membership, Person, School, User
from schools.queries import address_is_taken
from schools.states import Language, Post, Role

CORRECTABLE = ("surname", "given_name", "patronymic", "latin_name", "post", "category", "phone", "language")
OWN_FIELDS = ("language", "phone", "latin_name")


@dataclass(frozen=True, slots=True)
class PersonData:
    """What is known of a person who joins. Values are as forms have cleaned them; the address is lower case."""

    surname: str
    given_name: str
    email: str
    patronymic: str = ""
    latin_name: str = ""
    phone: str = ""
    post: str = Post.TEACHER_LIBRARIAN
    category: str = ""
    language: str = Language.KK


@transaction.atomic
def invite(
    *, data: PersonData, role: str, school: School | None, since: date, until: date | None = None, actor: Actor
) -> Person:
    """Write down a person with a first role, open an account without a password and send the invitation.

    Raises Refused: the address has an account already, or the role cannot be given (see `roles.grant`).
    """
    person = add(data=data, actor=actor)
    roles.grant(person=person, role=role, school=school, since=since, until=until, actor=actor)
    invitations.send(person=person, actor=actor)
    return person


@transaction.atomic
def add(*, data: PersonData, actor: Actor) -> Person:
    """A person and an account that nobody can sign in to yet; no role, no letter. Raises Refused as `invite`."""
    if address_is_taken(data.email):
        raise Refused(_("This e-mail has an account already."))
    person = Person.objects.create(**asdict(data))
    try:
        with transaction.atomic():
            user = User.objects.create_user(person.email, person=person)
    except IntegrityError as taken:
        raise Refused(_("This e-mail has an account already.")) from taken
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    written = {field: ("", value) for field, value in asdict(data).items() if value}
    audit.record(actor=actor, verb="person.add", subject=person, changes=written)
    return person


@transaction.atomic
def correct(*, person: Person, values: Mapping[str, str], actor: Actor, note: str = "") -> bool:
    """Correct names, post, category, phone or language; True if anything changed.

    A corrected name is told to the rooms above (certificates are reissued from there).
    Raises Refused where the person holds a guarded role and the actor is no administrator.
    """
    row = roles.lock(person)
    _refuse_above(row, actor)
    return _write(row, {field: value for field, value in values.items() if field in CORRECTABLE}, actor, note)


@transaction.atomic
def keep_profile(*, person: Person, values: Mapping[str, str], actor: Actor) -> bool:
    """A person's own language, phone and Latin name; True if anything changed. Raises Refused for somebody else."""
    if actor.person_id != person.pk:
        raise Refused(_("This profile is somebody else's."))
    row = roles.lock(person)
    return _write(row, {field: value for field, value in values.items() if field in OWN_FIELDS}, actor, "")


@transaction.atomic
def correct_address(*, person: Person, email: str, actor: Actor) -> None:
    """Give an account another address, and invite anew where nobody has signed in yet.

    Of an account in use only an administrator changes the address, since it decides who gets in; the owner
    then confirms the new one by a code. Raises Refused otherwise, or where the address is taken.
    """
    row = roles.lock(person)
    _refuse_above(row, actor)
    user = User.objects.select_for_update(no_key=True).get(person=row)
    if invitations.in_use(user) and not is_administrator(actor):
        raise Refused(_("The account is in use: only an administrator changes its address."))
    if address_is_taken(email, but=user):
        raise Refused(_("This e-mail has an account already."))
    audit.record(actor=actor, verb="person.address", subject=row, changes={"email": (row.email, email)})
    row.email = user.email = email
    row.save(update_fields=["email"])
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
    if not invitations.in_use(user):
        invitations.send(person=row, actor=actor)


@transaction.atomic
def follow_address(*, user: User, actor: Actor) -> None:
    """The owner changed and confirmed the address of the account: letters go there from now on."""
    if user.person_id is None:
        return
    person = Person.objects.select_for_update(no_key=True).get(pk=user.person_id)
    if person.email != user.email:
        audit.record(actor=actor, verb="person.address", subject=person, changes={"email": (person.email, user.email)})
        person.email = user.email
        person.save(update_fields=["email"])


@transaction.atomic
def set_sign_in(*, person: Person, allowed: bool, actor: Actor) -> None:
    """Close an account, which ends its sessions at once, or open it again. Raises Refused for one's own."""
    row = roles.lock(person)
    if actor.person_id == row.pk:
        raise Refused(_("Nobody closes their own account."))
    _refuse_above(row, actor)
    user = User.objects.select_for_update(no_key=True).get(person=row)
    if user.is_active == allowed:
        return
    user.is_active = allowed
    user.save(update_fields=["is_active"])
    verb = "account.open" if allowed else "account.close"
    audit.record(actor=actor, verb=verb, subject=user, changes={"is_active": (not allowed, allowed)}, person=row)


def _refuse_above(person: Person, actor: Actor) -> None:
    """Who holds or will hold a guarded role is changed by administrators alone."""
    held = Membership.objects.filter(person=person).exclude(valid_to__lt=timezone.localdate())
    if not may_change_person(actor, set(held.values_list("role", flat=True)) | _superuser_role(person)):
        raise Refused(_("Only an administrator changes this person."))


def _superuser_role(person: Person) -> set[str]:
    is_super = User.objects.filter(person=person, is_superuser=True).exists()
    return {Role.ADMINISTRATOR} if is_super else set()


def _write(person: Person, values: Mapping[str, str], actor: Actor, note: str) -> bool:
    old_name = person.full_name
    changes = {
        field: (getattr(person, field), value) for field, value in values.items() if getattr(person, field) != value
    }
    if not changes:
        return False
    for field, (_before, value) in changes.items():
        setattr(person, field, value)
    person.save(update_fields=list(changes))
    audit.record(actor=actor, verb="person.correct", subject=person, changes=changes, note=note)
    if person.full_name != old_name:
        registry.renamed.tell(person=person, old_name=old_name, actor=actor)
    return True
