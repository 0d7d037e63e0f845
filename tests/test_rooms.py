"""The house stands: arrows point down, files keep their budgets. Each rule has a twin that shows it biting."""

import functools

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests import rooms


@functools.lru_cache
def house() -> dict[str, str]:
    return rooms.read()


@pytest.mark.parametrize(
    "rule",
    [
        rooms.arrows_up,
        rooms.against_the_order,
        rooms.over_budget,
        rooms.inline,
        rooms.templates_up,
        rooms.traces,
        rooms.mocks,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_house_keeps_its_rules(rule):
    assert rule(house()) == []


def test_no_lower_room_has_a_name_for_a_higher_one():
    assert rooms.named_back(model for label in rooms.LABELS for model in apps.get_app_config(label).get_models()) == []


def test_the_tree_that_is_read_is_the_whole_one():
    assert {"manage.py", "Makefile", "schools/access.py", "nis_library/settings.py", "tests/test_rooms.py"} <= set(
        house()
    )


LONG = "def act():\n" + "    x = 1\n" * 40
VIEW = '@entry("everyone")\ndef page(request):\n' + "    x = 1\n" * 25

TWINS = {
    "an arrow up": (rooms.arrows_up, {"schools/people.py": "from courses.models import Run\n"}, 1),
    "an arrow up inside a function": (
        rooms.arrows_up,
        {"courses/seats.py": "def f():\n    import conferences.trips\n"},
        1,
    ),
    "the roof is nobody's": (rooms.arrows_up, {"courses/seats.py": "from nis_library import settings\n"}, 1),
    "a lower room's inside": (rooms.arrows_up, {"courses/seats.py": "from schools.views import people\n"}, 1),
    "reports and home": (rooms.arrows_up, {"nis_library/reports/build.py": "from nis_library.home import menu\n"}, 1),
    "an arrow down": (rooms.arrows_up, {"courses/seats.py": "from schools.models import Person\n"}, 0),
    "models that know queries": (rooms.against_the_order, {"schools/models/a.py": "from schools import queries\n"}, 1),
    "relative imports": (rooms.against_the_order, {"schools/models/a.py": "from ..queries import actor_of\n"}, 1),
    "an import for types beside a real one": (
        rooms.against_the_order,
        {
            "courses/access.py": "if TYPE_CHECKING:\n    from courses.models import A\nfrom courses.models import B\n",
            "courses/learning_urls.py": "from courses.views import teaching\n",
        },
        1,
    ),
    "a verb that knows a form": (rooms.against_the_order, {"courses/enrolling.py": "from courses.forms import F\n"}, 1),
    "a query that knows a verb": (
        rooms.against_the_order,
        {"courses/queries.py": "from courses import seats\n", "courses/seats.py": "from courses.models import Run\n"},
        1,
    ),
    "plain words are free to all": (
        rooms.against_the_order,
        {
            "schools/models/a.py": "from schools.folding import fold\n",
            "schools/folding.py": "from schools import states\n",
        },
        0,
    ),
    "a long file": (rooms.over_budget, {"schools/people.py": "x = 1\n" * 301}, 1),
    "a long function": (rooms.over_budget, {"schools/people.py": LONG}, 1),
    "a long view": (rooms.over_budget, {"schools/views/people.py": VIEW}, 1),
    "a long template": (rooms.over_budget, {"templates/schools/a.html": "<p>\n" * 101}, 1),
    "an inline style": (rooms.inline, {"templates/a.html": '<p style="color:red">'}, 1),
    "an inline script": (rooms.inline, {"templates/a.html": "<script>go()</script>"}, 1),
    "a handler": (rooms.inline, {"templates/a.html": '<a onclick="go()">'}, 1),
    "scripts from a file, and data": (
        rooms.inline,
        {"templates/a.html": '<script src="a.js"></script><script type="application/json">{}</script>'},
        0,
    ),
    "mails carry their style": (rooms.inline, {"templates/mail/a.html": '<p style="color:red">'}, 0),
    "a template from above": (rooms.templates_up, {"templates/schools/a.html": '{% include "courses/b.html" %}'}, 1),
    "a template from below": (rooms.templates_up, {"templates/courses/a.html": '{% include "ui/b.html" %}'}, 0),
    "somebody's machine": (rooms.traces, {"docs/a.md": "see " + "/ro" + "ot/notes"}, 1),
    "a note left behind": (rooms.traces, {"schools/a.py": "# TO" + "DO later"}, 1),
    "a mock": (rooms.mocks, {"tests/test_a.py": "from unittest import mock\nfrom unittest.mock import patch\n"}, 2),
}


@pytest.mark.parametrize(("rule", "tree", "count"), TWINS.values(), ids=TWINS.keys())
def test_each_rule_bites(rule, tree, count):
    assert len(rule(tree)) == count


@isolate_apps("courses")
def test_the_rule_on_foreign_keys_bites():
    class Loud(models.Model):
        person = models.ForeignKey("schools.Person", models.CASCADE, related_name="loud")

        class Meta:
            app_label = "courses"

    class Quiet(models.Model):
        person = models.ForeignKey("schools.Person", models.CASCADE, related_name="+")

        class Meta:
            app_label = "courses"

    for model in (Loud, Quiet):
        model._meta.get_field("person").remote_field.model = apps.get_model("schools.Person")
    assert rooms.named_back([Loud, Quiet]) == ["courses.Loud.person -> schools.Person"]
