"""The bench itself, with next to nothing to do: every measure prints its line."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection, transaction

from schools import audit
from schools.access import SYSTEM
from schools.models import AuditEntry, Region
from tests import make
from tests.bench import run, statements
from tests.rooms import ROOT
from tests.services import redis_server
from tests.services.stack import database_url

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]
FIELDS = ["measure", "value", "unit", "limit", "ratio", "note"]


def test_every_measure_prints_its_line(db, tmp_path):
    if not redis_server.available():
        pytest.skip("redis-server is not installed")
    if not (settings.BASE_DIR / "build" / "static" / "staticfiles.json").exists():
        pytest.fail("the static files are not collected: make build")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEST_", "EMAIL_", "PYTEST_"))}
    environment = {**kept, "BENCH_SMALL": "1", "BENCH_SERVER": database_url(), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "tests/bench/run.py"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["measure"] for line in lines] == list(run.MEASURES)
    assert [list(line) for line in lines] == [FIELDS] * len(lines)
    assert all(line["value"] > 0 and line["limit"] > 0 and line["ratio"] > 0 for line in lines)


@pytest.mark.django_db(transaction=True)
def test_a_recording_holds_the_transaction_and_passes_keys_on():
    """What a limit sends again is what was sent, BEGIN and COMMIT among it, with other keys."""
    with statements.recorded() as found, transaction.atomic():
        row = make.region("KZ-00")
    again = statements.Recording(found, {"uid": row.uid, "iso": "KZ-00"}, made={"schools_region": [row.pk]})
    again.replay(iso="KZ-99")
    assert [found[0].sql, found[-1].sql] == [statements.BEGIN, statements.COMMIT]
    assert connection.get_autocommit()
    assert set(Region.objects.filter(name_kk=row.name_kk).values_list("iso", flat=True)) == {"KZ-00", "KZ-99"}


@pytest.mark.django_db(transaction=True)
def test_a_recording_of_many_rows_passes_on_the_keys_of_each():
    """Rows that refer to others refer to those that the database has made this time."""
    regions = [make.region(f"KZ-{order:02d}") for order in range(3)]
    with statements.recorded() as found:
        audit.record_many(actor=SYSTEM, verb="region.test", deeds=[audit.Deed(one, note=one.iso) for one in regions])
    made = list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))
    statements.Bulk(found, {AuditEntry._meta.db_table: made}).replay()
    notes = AuditEntry.objects.order_by("pk").values_list("values__note", flat=True)
    assert list(notes) == [one.iso for one in regions] * 2
