"""Letters that only the portal can make: which row a link opens, which of its links it is, and a seal."""

from django.utils.crypto import constant_time_compare, salted_hmac

from schools.models.base import ALPHABET, UID_LENGTH

SEAL_LETTERS = 16
"""79 bits: no link can be guessed."""


def seal(salt: str, uid: str, epoch: int) -> str:
    """The token of a row's link. Links of another salt or an earlier epoch are others."""
    name = f"{uid}{epoch}"
    return f"{name}-{_seal(salt, name)}"


def unseal(salt: str, token: str) -> tuple[str, str]:
    """The uid and the epoch that the token was made for; two empty words where it was not made here."""
    name, _dash, letters = token.partition("-")
    if not constant_time_compare(letters.encode(), _seal(salt, name).encode()):
        return "", ""
    return name[:UID_LENGTH], name[UID_LENGTH:]


def _seal(salt: str, name: str) -> str:
    number = int.from_bytes(salted_hmac(salt, name, algorithm="sha256").digest())
    letters = []
    for _place in range(SEAL_LETTERS):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
