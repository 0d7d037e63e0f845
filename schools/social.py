"""Sign-in through the organisation's identity provider, and addresses that their owners change."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from schools import people
from schools.models import User


class PortalSocialAccountAdapter(DefaultSocialAccountAdapter):
    """The provider opens accounts that are known here and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account that owns an address which the provider vouches for; allauth links the two for good."""
        for address in sociallogin.email_addresses:
            if address.verified and (user := owner_of(address.email)):
                return user, address.email
        return None


def owner_of(email: str) -> User | None:
    """The account that signs in by the address, else the one that has confirmed it.

    Whoever merely added somebody's address to the own account is not handed their sign-in.
    """
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        row = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
        user = row.user if row else None
    return user


def follow(request: HttpRequest, user: User, **_: Any) -> None:
    """The owner of an account has confirmed another address: letters follow it."""
    people.follow_address(user=User.objects.get(pk=user.pk), actor=request.actor)


def listen() -> None:
    email_changed.connect(follow, dispatch_uid="schools.social")
