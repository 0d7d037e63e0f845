"""Choosing one's reminders, and setting when they are sent."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses import reminder_settings
from courses.models import ReminderChoice, ReminderRule
from courses.states import ReminderKind as K
from schools import registry
from schools.errors import Refused
from schools.models import AuditEntry, User
from tests import make

pytestmark = pytest.mark.django_db
CHOICES, RULES, ADD = "courses:reminder_choices", "courses:reminder_rules", "courses:add_reminder_rule"


def test_all_are_wanted_until_somebody_chooses(cast):
    reminder_settings.load()
    client = cast.librarian.client()
    assert client.get(reverse(CHOICES)).text.count(" checked") == len(reminder_settings.CHOOSABLE)
    answer = client.post(reverse(CHOICES), {"wanted": [K.DAY_BEFORE]})
    assert answer.url == reverse(CHOICES)
    assert client.get(answer.url).text.count(" checked") == 1
    assert reminder_settings.wanted_by(cast.librarian.person) == {K.DAY_BEFORE, K.APPROVAL_WAITING}
    assert reminder_settings.wanted_by(cast.colleague.person) == set(K)
    entry = AuditEntry.objects.get(verb="reminders.choose")
    assert (entry.actor_id, entry.fields) == (cast.librarian.person.pk, ["reminders"])


def test_choosing_the_same_again_leaves_no_trace(cast):
    for _time in range(2):
        cast.librarian.client().post(reverse(CHOICES), {"wanted": [K.DAY_BEFORE]})
    assert AuditEntry.objects.filter(verb="reminders.choose").count() == 1


@pytest.mark.parametrize("wanted", ["rubbish", K.APPROVAL_WAITING, "<b>", "\x00"])
def test_what_cannot_be_chosen_is_refused_on_the_page(cast, wanted):
    answer = cast.director.client().post(reverse(CHOICES), {"wanted": [K.BEFORE_START, wanted]})
    assert answer.status_code == 422
    assert not ReminderChoice.objects.exists()


def test_the_duty_to_decide_is_shown_to_those_who_have_it_and_cannot_be_declined(cast):
    label = str(K.APPROVAL_WAITING.label)
    shown = {name for name, member in cast.everyone().items() if label in member.client().get(reverse(CHOICES)).text}
    assert shown == {"director", "deputy", "other_director", "hq"}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderChoice.objects.create(person=cast.director.person, kind=K.APPROVAL_WAITING, wanted=False)


def test_nobody_chooses_for_another(cast):
    with pytest.raises(Refused):
        reminder_settings.choose(person=cast.librarian.person, wanted=[], actor=cast.administrator.actor)


def test_choices_follow_two_rows_that_were_one_person_and_go_with_an_erased_one(cast):
    kept, gone = cast.librarian, cast.colleague
    reminder_settings.choose(person=kept.person, wanted=set(K) - {K.DAY_BEFORE}, actor=kept.actor)
    ReminderChoice.objects.filter(person=kept.person).exclude(kind=K.DAY_BEFORE).delete()
    reminder_settings.choose(person=gone.person, wanted={K.DAY_BEFORE}, actor=gone.actor)
    with transaction.atomic():
        registry.merged.tell(kept=kept.person, gone=gone.person, actor=cast.hq.actor)
    assert reminder_settings.wanted_by(kept.person) == {K.APPROVAL_WAITING}
    assert not ReminderChoice.objects.filter(person=gone.person).exists()
    with transaction.atomic():
        registry.erased.tell(person=kept.person, actor=cast.hq.actor)
    assert not ReminderChoice.objects.exists()


def test_an_account_without_a_person_has_nothing_to_choose(db):
    client = make.client_of(User.objects.create_user("robot@example.kz"))
    assert client.get(reverse(CHOICES)).status_code == 200
    assert client.post(reverse(CHOICES), {"wanted": []}).status_code == 403


def test_the_way_to_the_page_stands_in_the_settings(cast):
    assert f'href="{reverse(CHOICES)}"' in cast.librarian.client().get(reverse("schools:settings")).text


def test_the_usual_rules_are_loaded_once_and_stay_as_they_were_set(cast):
    call_command("load_reference", verbosity=0)
    assert set(ReminderRule.objects.values_list("kind", "days", "active")) == set(reminder_settings.USUAL)
    ReminderRule.objects.filter(kind=K.BEFORE_START, days=7).update(days=10)
    call_command("load_reference", verbosity=0)
    assert ReminderRule.objects.count() == len(reminder_settings.USUAL)
    assert ReminderRule.objects.filter(days=10).exists()


def test_an_administrator_adds_changes_and_switches_off(cast):
    client = cast.administrator.client()
    assert client.post(reverse(ADD), {"kind": K.BEFORE_START, "days": "5"}).url == reverse(RULES)
    rule = ReminderRule.objects.get()
    change = reverse("courses:change_reminder_rule", args=[rule.uid])
    assert client.post(change, {f"{rule.uid}-days": "4"}).url == reverse(RULES)
    rule.refresh_from_db()
    assert (rule.days, rule.active) == (4, False)
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "fields")) == [
        ("reminders.add_rule", ["days"]),
        ("reminders.change_rule", ["active", "days"]),
    ]


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (K.BEFORE_START, "1"),
        (K.BEFORE_START, "3"),  # there is one
        (K.BEFORE_START, "91"),
        (K.BEFORE_START, "-1"),
        (K.BEFORE_START, "9" * 400),
        (K.BEFORE_START, "үш"),
        (K.BEFORE_START, ""),
        (K.DAY_BEFORE, "2"),
        (K.DEADLINE_NEAR, "0"),
        (K.FEEDBACK_DUE, "0"),
        ("rubbish", "3"),
    ],
)
def test_a_rule_that_makes_no_sense_comes_back_at_its_field(cast, kind, days):
    ReminderRule.objects.create(kind=K.BEFORE_START, days=3)
    answer = cast.administrator.client().post(reverse(ADD), {"kind": kind, "days": days})
    assert answer.status_code == 422
    assert "is-invalid" in answer.text
    assert ReminderRule.objects.count() == 1


@pytest.mark.parametrize("days", ["1", "7", "x", "1000"])
def test_a_bad_change_comes_back_at_its_rule_and_changes_nothing(cast, days):
    rule = ReminderRule.objects.create(kind=K.BEFORE_START, days=3)
    ReminderRule.objects.create(kind=K.BEFORE_START, days=7)
    change = reverse("courses:change_reminder_rule", args=[rule.uid])
    answer = cast.administrator.client().post(change, {f"{rule.uid}-days": days, f"{rule.uid}-active": "on"})
    assert answer.status_code == 422
    assert answer.text.count("is-invalid") == 1
    assert f'value="{days}"' in answer.text
    rule.refresh_from_db()
    assert rule.days == 3


@pytest.mark.parametrize(
    ("kind", "days"), [(K.BEFORE_START, 1), (K.DAY_BEFORE, 2), (K.DEADLINE_NEAR, 0), (K.FEEDBACK_DUE, 0), ("x", 3)]
)
def test_the_table_refuses_what_the_page_refuses(kind, days):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderRule.objects.create(kind=kind, days=days)


@pytest.mark.parametrize("who", ["hq", "director", "librarian"])
def test_only_administrators_set_rules(cast, who):
    actor = getattr(cast, who).actor
    with pytest.raises(Refused):
        reminder_settings.add_rule(kind=K.BEFORE_START, days=5, actor=actor)


@pytest.mark.parametrize("count", [1, 30])
def test_the_rules_take_one_query_however_many_they_are(cast, django_assert_num_queries, count):
    ReminderRule.objects.bulk_create(ReminderRule(kind=K.BEFORE_START, days=days) for days in range(2, 2 + count))
    client = cast.administrator.client()
    client.get(reverse(RULES))
    with django_assert_num_queries(4):  # session, account, roles, rules
        client.get(reverse(RULES))
