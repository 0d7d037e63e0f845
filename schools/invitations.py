"""The link by which a person opens the account that others prepared: signed, good once and for some days."""

from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from schools import audit, jobs, outbox
from schools.access import Actor
from schools.errors import Refused
from schools.models import Job, Mail, Person, User

DAYS = 14
SALT = "schools.invitation"
KIND = "invitation"
JOB = "invitations"


@transaction.atomic
def send(*, person: Person, actor: Actor) -> None:
    """Send the invitation, anew if need be: earlier links die and unsent letters are taken back.

    Raises Refused where there is no account, it is closed, or it is in use already.
    """
    user = User.objects.select_for_update(no_key=True).filter(person=person).first()
    if user is None or not user.is_active:
        raise Refused(_("This person has no open account."))
    if in_use(user):
        raise Refused(_("This person signs in already: no invitation is needed."))
    user.set_unusable_password()
    user.save(update_fields=["password"])
    outbox.supersede(about=user, kinds=[KIND])
    now = timezone.now()
    outbox.enqueue(
        kind=KIND,
        dedupe_key=f"{KIND}:{user.pk}:{_mark(user)}",
        language=person.language,
        context={"link": link(user, language=person.language), "days": DAYS, "email": user.email},
        person=person,
        about=user,
        secret=True,
        not_after=now + timedelta(days=DAYS),
    )
    audit.record(actor=actor, verb="account.invite", subject=user, person=person)


def send_to_all(*, people: Iterable[Person], actor: Actor) -> Job:
    """Invite many as a job that can be watched; each letter is owed once however often the job is begun."""
    owner = Person.objects.get(pk=actor.person_id) if actor.person_id else None
    return jobs.start(kind=JOB, owner=owner, params={"people": [person.pk for person in people]}, actor=actor)


def work_through(job: Job) -> None:
    """The job of `send_to_all`: whoever has a letter already, or needs none any more, is passed over."""
    ids: list[int] = job.params["people"]
    actor = Actor(person_id=job.owner_id, name=str(job.owner or ""))
    for done, person in enumerate(Person.objects.filter(pk__in=ids).select_related("account").order_by("pk"), 1):
        invited = Mail.objects.filter(kind=KIND, subject_type=User._meta.label_lower, subject_id=person.account.pk)
        if state_of(person) == "invited" and not invited.exists():
            send(person=person, actor=actor)
        jobs.advance(job, done, len(ids), _("Writing invitations"))


def link(user: User, *, language: str) -> str:
    """The full address that opens the account. Whoever holds it is let in: it goes into one letter only."""
    token = signing.dumps([user.pk, _mark(user)], salt=SALT)
    with translation.override(language):
        return settings.SITE_URL + reverse("schools:invitation", args=[token])


def find(token: str) -> User | None:
    """The account that a link opens, or None: forged, expired, used and replaced links are all alike."""
    try:
        pk, mark = signing.loads(token, salt=SALT, max_age=timedelta(days=DAYS))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).select_related("person").first()
    good = user is not None and not in_use(user) and constant_time_compare(str(mark), _mark(user))
    return user if good else None


@transaction.atomic
def accept(*, token: str, password: str) -> User:
    """Open the account with the password chosen; the address counts as confirmed. Raises Refused for a dead link."""
    user = find(token)
    if user is not None:
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user is None or find(token) is None:
        raise Refused(_("This link does not work any more."))
    user.set_password(password)
    user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    owner = Actor(person_id=user.person_id, name=str(user), is_authenticated=True)
    audit.record(actor=owner, verb="account.accept", subject=user, person=user.person)
    return user


def in_use(user: User) -> bool:
    """Somebody has signed in to the account, or could by a password. Until then an invitation opens it."""
    return user.has_usable_password() or user.last_login is not None


def state_of(person: Person) -> str:
    """How the person's account stands: none, closed, invited or open."""
    user: User | None = getattr(person, "account", None)
    if user is None:
        return "none"
    if not user.is_active:
        return "closed"
    return "open" if in_use(user) else "invited"


def _mark(user: User) -> str:
    """Changes with the password and the address, so that a link works once."""
    return salted_hmac(SALT, f"{user.pk}:{user.password}:{user.email}").hexdigest()[:24]
