from django.apps import AppConfig


class SlowWorkConfig(AppConfig):
    name = "tests.faults.slow_work"

    def ready(self) -> None:
        from schools import jobs
        from tests.faults.slow_work.work import count

        jobs.kind("slow_count", title="Slow count")(count)
