"""How a session finds its account."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from schools.models import User


class PortalBackend(AuthenticationBackend):
    """allauth's backend; the person comes with the account, since every page names who is signed in."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
