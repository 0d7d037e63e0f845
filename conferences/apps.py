from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConferencesConfig(AppConfig):
    name = "conferences"
    verbose_name = _("Conferences and trips")

    def ready(self) -> None:
        from conferences import (
            co_authors,
            record_part,
            reference,
            route_keeping,
            team_calendar,
            trip_calendar,
            trip_erasing,
            trip_queries,
            trip_time,
            wishing,
        )
        from schools import agenda, desk
        from schools.reference import loader

        agenda.name_by(trip_time.titles_of_trips)
        co_authors.listen()
        trip_erasing.listen()
        wishing.listen()
        record_part.register()
        team_calendar.register()
        trip_calendar.register()
        desk.add(desk.Kind(_("Trips"), "conferences:trip_decisions", trip_queries.words_to_give, order=1))
        reference.register()
        loader("route of approval", route_keeping.load_route)
