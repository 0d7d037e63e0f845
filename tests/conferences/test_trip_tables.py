"""The tables of trips refuse what cannot be, whatever code writes them."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from conferences.models import Promise, RouteStep, StandIn, Traveller, Trip, TripApproval
from tests.cast import Cast
from tests.conferences.trips import route, trip_of

pytestmark = pytest.mark.django_db
DAY = date(2027, 8, 4)


def refused(call: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        call(**fields)


def test_days_come_in_order_and_totals_are_not_negative(cast: Cast) -> None:
    trip = trip_of(cast.librarian, starts_on=DAY, ends_on=DAY)
    refused(Trip.objects.filter(pk=trip.pk).update, ends_on=date(2027, 8, 3))
    refused(Trip.objects.filter(pk=trip.pk).update, total=-1)
    refused(Trip.objects.filter(pk=trip.pk).update, state="lost")
    assert Trip.objects.filter(pk=trip.pk).update(ends_on=date(2027, 8, 5), total=1) == 1


def test_what_was_sent_has_a_version_and_a_route(cast: Cast) -> None:
    trip = trip_of(cast.librarian)
    refused(Trip.objects.filter(pk=trip.pk).update, state="submitted")
    refused(Trip.objects.filter(pk=trip.pk).update, state="submitted", version=1)
    assert Trip.objects.filter(pk=trip.pk).update(state="submitted", version=1, route=route().pk) == 1


def test_an_order_is_whole_or_not_there_and_its_number_is_its_own(cast: Cast) -> None:
    first, second = trip_of(cast.librarian), trip_of(cast.stranger)
    whole = {"order_year": 2027, "order_number": 1, "ordered_on": DAY}
    refused(Trip.objects.filter(pk=first.pk).update, order_number=1)
    assert Trip.objects.filter(pk=first.pk).update(**whole) == 1
    refused(Trip.objects.filter(pk=second.pk).update, **whole)


def test_a_traveller_stands_once_and_agrees_or_refuses(cast: Cast) -> None:
    trip = trip_of(cast.librarian)
    refused(Traveller.objects.create, trip=trip, person=cast.librarian.person, role="speaker")
    row, now = trip.travellers.get(), timezone.now()
    refused(Traveller.objects.filter(pk=row.pk).update, consented_at=now)
    refused(Traveller.objects.filter(pk=row.pk).update, consented_at=now, refused_at=now, consent_version="1")
    assert Traveller.objects.filter(pk=row.pk).update(consented_at=now, consent_version="1") == 1


def test_a_promise_is_kept_by_a_run_and_excused_with_a_word(cast: Cast) -> None:
    trip, now = trip_of(cast.librarian), timezone.now()
    promise = Promise.objects.create(
        trip=trip, person=cast.librarian.person, what="Оқу мәдениеті", audience="network", due_on=date(2027, 12, 1)
    )
    rows = Promise.objects.filter(pk=promise.pk)
    refused(rows.update, state="kept", settled_at=now)
    refused(rows.update, state="excused", settled_at=now)
    refused(rows.update, audience="region")
    assert rows.update(state="excused", settled_at=now, note="Ауырып қалды") == 1


def test_a_step_asks_a_role_or_a_person_and_never_both(cast: Cast) -> None:
    asked = route()
    refused(RouteStep.objects.create, route=asked, order=5, name_kk="x")
    refused(RouteStep.objects.create, route=asked, order=5, name_kk="x", role="hq", person=cast.hq.person)
    refused(RouteStep.objects.create, route=asked, order=5, name_kk="x", role="librarian")
    refused(RouteStep.objects.create, route=asked, order=0, name_kk="x", role="hq")
    RouteStep.objects.create(route=asked, order=5, name_kk="x", person=cast.hq.person)


def test_one_word_a_step_and_one_yes_a_person(cast: Cast) -> None:
    asked = route()
    director, hq, finance = asked.steps.order_by("order")
    trip = trip_of(cast.librarian, state="submitted", version=1, route=asked)
    word = {"trip": trip, "version": 1, "due_on": DAY}
    yes = {"state": "approved", "decided_by": cast.hq.person, "decided_at": timezone.now()}
    TripApproval.objects.create(step=hq, order=2, role="hq", **word, **yes)
    refused(TripApproval.objects.create, step=hq, order=2, role="hq", **word)
    refused(TripApproval.objects.create, step=finance, order=3, role="finance", **word, **yes)
    refused(TripApproval.objects.create, step=director, order=1, role="director", **word)
    refused(TripApproval.objects.create, step=finance, order=3, role="finance", state="declined", **word)
    TripApproval.objects.create(step=hq, order=2, role="hq", hand=2, **word)
    TripApproval.objects.create(step=director, order=1, role="director", school=cast.school, **word)
    refused(TripApproval.objects.create, step=director, order=1, role="director", school=cast.school, **word)


def test_a_stand_in_is_somebody_else(cast: Cast) -> None:
    days = {"valid_from": DAY, "valid_to": DAY, "named_by": cast.hq.person, "holder": cast.hq.person}
    refused(StandIn.objects.create, deputy=cast.hq.person, **days)
    refused(StandIn.objects.create, deputy=cast.administrator.person, **{**days, "valid_to": date(2027, 8, 3)})
    StandIn.objects.create(deputy=cast.administrator.person, **days)
