from typing import Any

from django.apps import AppConfig


class LocklessConfig(AppConfig):
    name = "tests.load.lockless"

    def ready(self) -> None:
        from django.db.models import QuerySet

        def select_for_update(self: QuerySet[Any], **how: object) -> QuerySet[Any]:
            return self.all()

        QuerySet.select_for_update = select_for_update
