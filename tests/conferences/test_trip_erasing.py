"""Whose personal data go is named in no version of a request any more; figures and colleagues stay."""

import json

import pytest
from django.db import transaction

from conferences.models import TripVersion
from schools import registry
from tests.cast import Cast
from tests.conferences import asking
from tests.conferences.trips import route

pytestmark = pytest.mark.django_db


def test_the_name_goes_from_every_version_and_the_rest_stays(cast: Cast) -> None:
    route()
    asking.budgets(cast)
    trip = asking.sent(cast.librarian, cast.stranger)
    before = TripVersion.objects.get(trip=trip).content
    assert before["promises"][0]["person"] == cast.librarian.person.full_name
    with transaction.atomic():
        registry.erased.tell(person=cast.librarian.person, actor=cast.administrator.actor)
    after = TripVersion.objects.get(trip=trip).content
    assert cast.librarian.person.full_name not in json.dumps(after, ensure_ascii=False)
    assert cast.stranger.person.full_name in json.dumps(after, ensure_ascii=False)
    assert (after["total"], after["legs"], len(after["travellers"])) == (before["total"], before["legs"], 2)
