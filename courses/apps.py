from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses and seminars")

    def ready(self) -> None:
        from courses import (
            access,
            allocation_job,
            appealing,
            certificate_batch,
            claiming,
            feeds,
            following,
            queries,
            reminder_settings,
            signup_schools,
        )
        from courses import reference as courses_reference
        from schools import agenda, desk, reference

        desk.add(desk.Kind(_("Applications for courses"), "courses:decisions", queries.to_decide))
        agenda.name_by(queries.titles_of)
        answering = access.may_manage_courses
        desk.add(desk.Kind(_("Appeals"), "courses:appeals", appealing.open_appeals, order=30, concerns=answering))
        appealing.listen()
        claiming.listen()
        feeds.listen()
        following.listen()
        signup_schools.listen()
        reminder_settings.listen()
        certificate_batch.register()
        allocation_job.register()
        courses_reference.register()
        reference.loader("reminders", reminder_settings.load)
