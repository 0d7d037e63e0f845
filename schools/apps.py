from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = _("Schools and people")

    def ready(self) -> None:
        from schools import alphabet, files, invitations, jobs, school_import, social, sqlite

        alphabet.listen()
        files.listen()
        sqlite.listen()
        social.listen()
        school_import.register()
        jobs.kind(invitations.JOB, title=_("Invitations"))(invitations.work_through)
