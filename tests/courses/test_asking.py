"""Asking for a seminar: one row for all who want the same, voices that count once confirmed, and withdrawal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses import asking, demand_queries
from courses.asking import Asker
from courses.models import Demand, DemandVoice
from courses.states import DemandState, RunState
from schools import directory
from schools.directory import Unlisted
from schools.errors import Refused
from schools.models import AuditEntry, Mail, SchoolRequest
from schools.states import MailState
from tests import make
from tests.courses import guests, rows, wishes

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


def asker(email="a@example.kz", **fields):
    return Asker(**{"name": "Бекова Гүлнар", "email": email, "language": "kk", **fields})


def ask(email="a@example.kz", *, language="kk", region=None, **fields):
    return asking.ask(
        topic=rows.topic(), language=language, region=region or make.region(), asker=asker(email, **fields)
    )


def counted(demand):
    return demand_queries.voices_of(demand).count()


def test_who_wants_the_same_stands_in_one_demand():
    first, second = ask("a@example.kz"), ask("b@example.kz")
    other = ask("c@example.kz", language="ru")
    assert first.demand == second.demand
    assert other.demand != first.demand
    assert list(AuditEntry.objects.filter(verb="demand.ask").values_list("subject_id", flat=True)) == [
        first.demand_id,
        other.demand_id,
    ]


def test_a_voice_counts_once_its_link_was_used():
    voice = ask()
    assert (counted(voice.demand), list(demand_queries.board())) == (0, [])
    for _again in range(2):
        asking.confirm(voice=voice)
    assert (counted(voice.demand), list(demand_queries.board())) == (1, [voice.demand])
    assert AuditEntry.objects.filter(verb="demand.second").count() == 1


def test_a_letter_with_the_link_each_time_and_the_last_one_alone_is_sent():
    voice = ask()
    ask()
    asking.confirm(voice=voice)
    ask()
    letters = Mail.objects.filter(kind="demand_link").order_by("id")
    assert [mail.subject for mail in letters] == ["Бұл семинар керек екенін растаңыз"] * 2 + [
        "Сіз бұл семинарды сұрағансыз"
    ]
    assert [mail.state for mail in letters] == [MailState.SUPERSEDED, MailState.SUPERSEDED, MailState.QUEUED]


def test_whoever_types_a_confirmed_address_changes_nothing_of_it():
    voice = ask(name="Бекова Гүлнар")
    ask("A@example.kz", name="Дәулетов Асан")
    assert DemandVoice.objects.get().name == "Дәулетов Асан"
    asking.confirm(voice=voice)
    ask(name="Бөтен Біреу", note="басқа")
    row = DemandVoice.objects.get()
    assert (row.name, row.note) == ("Дәулетов Асан", "")


def test_a_seminar_in_preparation_may_be_joined_and_an_announced_one_not():
    draft = wishes.demand(run=guests.run(state=RunState.DRAFT))
    assert ask().demand == draft
    draft.run.state = RunState.PUBLISHED
    draft.run.save(update_fields=["state"])
    assert ask("b@example.kz").demand != draft
    with pytest.raises(Refused):
        asking.second(demand=draft, asker=asker("c@example.kz"))


@pytest.mark.parametrize("state", [DemandState.CLOSED, DemandState.MET])
def test_what_is_dealt_with_takes_no_voice_and_no_confirmation(state):
    demand = wishes.demand(state=state, run=guests.run() if state == DemandState.MET else None)
    voice = wishes.voice(demand, verified=False)
    for deed in (
        lambda: asking.second(demand=demand, asker=asker()),
        lambda: asking.confirm(voice=voice),
    ):
        with pytest.raises(Refused):
            deed()
    assert counted(demand) == 0


def test_withdrawal_takes_name_and_address_along():
    voice, other = ask(), ask("b@example.kz")
    asking.confirm(voice=voice)
    asking.withdraw(voice=DemandVoice.objects.select_related("demand").get(pk=voice.pk))
    assert list(DemandVoice.objects.all()) == [other]
    assert Mail.objects.get(address="a@example.kz").state == MailState.SUPERSEDED
    assert AuditEntry.objects.filter(verb="demand.withdraw").count() == 1


@pytest.fixture
def village():
    return make.school(in_network=False, kind="general", direction="")


def test_a_school_that_is_not_listed_is_looked_up_once_and_the_voice_follows(cast, village):
    unlisted = Unlisted(region=make.region(), name="Жаңа мектеп")
    voice = ask(school=unlisted)
    ask(school=unlisted)
    request = SchoolRequest.objects.get()
    assert (request.name, request.contact, voice.school_request) == ("Жаңа мектеп", "a@example.kz", request)
    directory.find_requested(request=request, school=village, actor=cast.hq.actor)
    voice.refresh_from_db()
    assert voice.school == village


def test_the_address_leaves_the_request_for_a_school_with_the_voice():
    unlisted = Unlisted(region=make.region(), name="Жаңа мектеп")
    gone, old = ask(school=unlisted), ask("b@example.kz", school=unlisted)
    asking.withdraw(voice=DemandVoice.objects.select_related("demand").get(pk=gone.pk))
    DemandVoice.objects.filter(pk=old.pk).update(created_at=timezone.now() - WEEK)
    assert asking.expire_unconfirmed() == 1
    assert list(SchoolRequest.objects.values_list("name", "contact")) == [("Жаңа мектеп", "")] * 2


def test_what_is_not_confirmed_within_a_week_is_forgotten():
    now = timezone.now()
    kept, gone = ask("a@example.kz"), ask("b@example.kz", language="ru")
    asking.confirm(voice=kept)
    old = now - WEEK - timedelta(minutes=1)
    Demand.objects.update(created_at=old)
    DemandVoice.objects.update(created_at=old)
    young = ask("c@example.kz")
    assert (asking.expire_unconfirmed(), asking.expire_unconfirmed()) == (1, 0)
    assert set(DemandVoice.objects.all()) == {kept, young}
    assert not Demand.objects.filter(pk=gone.demand_id).exists()


def test_the_database_holds_what_the_verbs_promise():
    demand = wishes.demand()
    voice = wishes.voice(demand)
    run = guests.run()
    broken = (
        lambda: wishes.demand(),
        lambda: wishes.demand(language="de"),
        lambda: wishes.demand(language="ru", state="wished"),
        lambda: wishes.demand(language="ru", run=run, state=DemandState.OPEN),
        lambda: wishes.demand(language="ru", state=DemandState.PLANNED),
        lambda: wishes.voice(demand, email=voice.email),
        lambda: wishes.voice(demand, email=""),
        lambda: wishes.voice(demand, name=""),
        lambda: wishes.voice(demand, language="de"),
    )
    for deed in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    wishes.demand(run=run)  # one open and any number of others
    wishes.demand(state=DemandState.CLOSED)
