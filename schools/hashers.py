"""Password hashing at a cost that a busy sign-in hour can bear."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters: 19 MiB of memory, two passes, one lane.

    Django's own defaults cost 0.3-0.4 s of processor time for each sign-in, which makes
    sign-in the bottleneck at the hour when a popular course opens.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
