"""Where the demonstration's data may not go."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from nis_library.home.demo import building
from schools.models import Person

TODAY = date(2026, 11, 23)


@pytest.mark.django_db
def test_production_has_no_invented_people(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo"):
        call_command("demo_data", verbosity=0)
    with pytest.raises(building.Refusal, match="demo"):
        building.build(seed=1, scale=0.1, today=TODAY)
    assert not Person.objects.exists()


@pytest.mark.django_db
def test_without_schools_there_is_one_sentence():
    with pytest.raises(building.Refusal, match="load_reference"):
        building.build(seed=1, scale=0.1, today=TODAY)


@pytest.mark.parametrize("scale", ["0", "-1", "5000"])
def test_a_scale_out_of_reach_is_refused(scale):
    with pytest.raises(CommandError, match="--scale"):
        call_command("demo_data", "--scale", scale, verbosity=0)
