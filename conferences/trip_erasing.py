"""What trips forget when the personal data of somebody go: the name in every version that was kept word for word."""

from conferences.models import TripVersion
from schools import registry
from schools.models import Person

GONE = "—"


def forget(*, person: Person, **_facts: object) -> None:
    """Take the person's names out of the versions in which they stand; sums, days and keys stay.

    The name is that of the version's own day, which may be another than today's.
    """
    versions = TripVersion.objects.select_for_update(no_key=True).filter(trip__hands__person=person)
    for version in versions.order_by("pk"):
        names = {row["name"] for row in version.content.get("travellers", []) if row.get("person") == person.pk}
        if names:
            version.content = _without(version.content, names)
            version.save(update_fields=["content"])


def _without(value: object, names: set[str]) -> object:
    """The same content, with «—» for every text that is one of the names."""
    if isinstance(value, dict):
        return {key: _without(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, names) for item in value]
    return GONE if isinstance(value, str) and value in names else value


def listen() -> None:
    registry.erased.listen(forget)
