"""A payment run carried out by processes that are killed, each a little later than the one before it.

Run by `test_crash.py` on its database. Every process takes the run from where it stands: prepared, approved, sent,
answered by the bank. Each is killed (SIGKILL) before its nth statement, n growing until one lives to the end.
"""

import os
import signal
import sys
from itertools import count

import django

django.setup()

from django.db import connection  # noqa: E402 - Django first, and everything before the processes part
from django.utils import timezone  # noqa: E402

from terreau.accounts.models import Organisation, User  # noqa: E402
from terreau.funding.actions.bank_returns import import_return  # noqa: E402
from terreau.funding.actions.payment_runs import approve_run, prepare_run, send_run  # noqa: E402
from terreau.funding.models import Instalment, PaymentRun  # noqa: E402


def steps():
    """What is left to do, one transaction a step."""
    one, other = User.objects.filter(email__startswith="payday").order_by("email")
    funder, today = Organisation.objects.get(kind="funder"), timezone.localdate()
    while True:
        run = PaymentRun.objects.first()
        state = run.state if run else ""
        if state == "settled":
            return
        if not state:
            prepare_run(funder, Instalment.objects.filter(state="due"), executes_on=today, by=one)
        elif state == "prepared":
            approve_run(run, by=other)
        elif state == "approved":
            send_run(run, by=one)
        else:
            lines = [f"{p.end_to_end};execute" for p in run.payments.all()]
            import_return("\n".join(["reference;statut", *lines]).encode(), funders=[funder], on=today, by=one)


def killed_at(number):
    """Do what is left, or die before the nth statement."""
    done = count(1)

    def die(execute, sql, params, many, context):
        if next(done) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(die):
        steps()


def main(stride):
    deaths = 0
    for number in count(1, stride):
        child = os.fork()
        if not child:
            killed_at(number)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        if status == 0:
            break
        if not os.WIFSIGNALED(status):
            sys.exit("a process failed instead of being killed")
        deaths += 1
    sys.stdout.write(f"{deaths}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
