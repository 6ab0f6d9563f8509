"""Processes killed in the middle of a payment run, on a real base: those that follow complete it once."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from tests import factories
from tests.funding.paid import agreements, first_instalments

from terreau.accounts.models import Role
from terreau.funding.models import Movement, Payment, PaymentRun, SeriesCounter
from terreau.funding.queries import payments as queries
from terreau.funding.queries.reconciliation import Tally, differences

ROOT = Path(__file__).resolve().parents[2]
STRIDE = 11  # statements between two deaths


def database_url():
    """The base of these tests, for another process."""
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    where = urlencode({"host": held["HOST"] or held["OPTIONS"]["host"]})
    return f"postgresql://{held['USER']}:{held['PASSWORD']}@/{held['NAME']}?{where}"


@pytest.mark.django_db(transaction=True)
def test_a_run_killed_at_every_turn_completes_once():
    made = agreements(3)
    for name in ("payday-1@exemple.fr", "payday-2@exemple.fr"):
        factories.person(Role.OFFICER, person=factories.user(name))
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("payday.py"), str(STRIDE)],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "terreau.config.settings", "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5
    run = PaymentRun.objects.get()
    assert (run.state, queries.digest(run.content)) == ("settled", run.digest)
    assert list(Payment.objects.values_list("state", flat=True)) == ["settled"] * 3
    assert set(first_instalments(made).values_list("state", flat=True)) == {"paid"}
    assert Movement.objects.filter(cause__in=["send", "settle"]).count() == 6
    assert SeriesCounter.objects.get(series="OP").last == 1
    assert list(differences(None, Tally())) == []
