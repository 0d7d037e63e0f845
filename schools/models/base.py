"""What the tables of every room share."""

import secrets

from django.db import models

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
UID_LENGTH = 10


def make_uid() -> str:
    """A random name for addresses: 10 characters (about 49 bits), none that is mistaken for another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(UID_LENGTH))


class UidModel(models.Model):
    """A row that has a public address. The integer key never leaves the portal."""

    uid = models.CharField(max_length=UID_LENGTH, unique=True, default=make_uid, editable=False)

    class Meta:
        abstract = True


def closed_list(field: str, choices: type[models.TextChoices], *, name: str) -> models.CheckConstraint:
    """A CHECK that holds a column to the values of its list, since `choices=` alone binds only forms."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": choices.values}), name=name)
