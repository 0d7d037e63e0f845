"""Encryption of what only few may read, with the portal's own FIELD_KEY (AES-256-GCM).

FIELD_KEY may hold several keys with commas between them: the first one writes, all of them read. So a key is
changed by putting the new one first, and dropped once nothing that it wrote is left.
"""

import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MARK = b"NV1"
NONCE = 12


class Unreadable(Exception):
    """No key of this portal opens it, or it was changed where it lies."""


def seal(content: bytes, *, name: str) -> bytes:
    """Encrypt. `name` (a uid) is bound to it, so that one thing cannot be put in the place of another."""
    nonce = secrets.token_bytes(NONCE)
    return MARK + nonce + _ciphers()[0].encrypt(nonce, content, name.encode())


def unseal(sealed: bytes, *, name: str) -> bytes:
    """Decrypt. Raises Unreadable."""
    nonce, body = sealed[len(MARK) : len(MARK) + NONCE], sealed[len(MARK) + NONCE :]
    if sealed[: len(MARK)] == MARK and len(nonce) == NONCE:
        for cipher in _ciphers():
            try:
                return cipher.decrypt(nonce, body, name.encode())
            except InvalidTag:
                continue
    raise Unreadable(name)


def _ciphers() -> tuple[AESGCM, ...]:
    keys = [key for key in (part.strip() for part in settings.FIELD_KEY.split(",")) if key]
    if not keys:
        raise ImproperlyConfigured("FIELD_KEY is missing: it encrypts passport data.")
    return tuple(_cipher(key) for key in keys)


@cache
def _cipher(key: str) -> AESGCM:
    derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"nis-library private files")
    return AESGCM(derived.derive(key.encode()))
