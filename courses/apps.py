from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses and seminars")

    def ready(self) -> None:
        from courses import feeds, reminder_settings
        from schools import reference

        feeds.listen()
        reference.loader("reminders", reminder_settings.load)
