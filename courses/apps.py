from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses and seminars")

    def ready(self) -> None:
        from courses import certificate_batch, claiming, feeds, following, queries, reminder_settings, signup_schools
        from courses import reference as courses_reference
        from schools import agenda, desk, reference

        desk.add(desk.Kind(_("Applications for courses"), "courses:decisions", queries.to_decide))
        agenda.name_by(queries.titles_of)
        claiming.listen()
        feeds.listen()
        following.listen()
        signup_schools.listen()
        reminder_settings.listen()
        certificate_batch.register()
        courses_reference.register()
        reference.loader("reminders", reminder_settings.load)
