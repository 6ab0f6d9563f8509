"""The money that leaves: one run a month, the bank's answer two days later, one account that was closed."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from terreau.accounts.models import Organisation, User
from terreau.demo import identifiers
from terreau.demo.builder.agenda import Agenda, Scene
from terreau.demo.builder.agreeing import DIRECTOR
from terreau.demo.builder.cast import Cast
from terreau.demo.clock import moment
from terreau.funding.actions.bank_accounts import check_account, enter_account
from terreau.funding.actions.bank_returns import import_return
from terreau.funding.actions.payment_runs import approve_run, prepare_run, send_run
from terreau.funding.lifecycle import InstalmentState
from terreau.funding.models import Instalment, PaymentRun
from terreau.funding.rulebook.calendar import add_months

CLOSED = "AC04"  # ISO 20022: the account is closed
WAITING = timedelta(days=2)  # since the last run was prepared
AFTER_PAYING = timedelta(days=8)  # no other run before that one
EXECUTED_IN = timedelta(days=3)
PAY_DAY = 12  # of each month
SECOND_ACCOUNTS = 50_000_000  # where their numbers begin


class Treasury:
    """Pays what is due. `closed` maps the agreements whose account the bank will refuse to who answers for them."""

    def __init__(self, cast: Cast, agenda: Agenda) -> None:
        self.cast, self.agenda = cast, agenda
        self.closed: dict[int, User] = {}
        self.director = cast.visitors[DIRECTOR]

    def open(self, since: date) -> None:
        """Write down a pay day for each month, and the run that waits today for its approval."""
        last = self.agenda.until - WAITING
        for day in pay_days(since, (last - AFTER_PAYING).date()):
            self.agenda.plan(moment(day, 10), self.pay)
        self.agenda.plan(last, self.prepare)

    def prepare(self, when: datetime) -> PaymentRun | None:
        """Everything due goes into one run; nothing due, no run."""
        due = Instalment.objects.filter(state=InstalmentState.DUE)
        if not due.exists():
            return None
        return prepare_run(self.cast.funder, due, executes_on=(when + EXECUTED_IN).date(), by=self.cast.officer)

    def pay(self, when: datetime) -> None:
        """Prepared, approved by somebody else the next day, handed over, answered by the bank."""
        if run := self.prepare(when):
            self.agenda.plan(when + timedelta(days=1), lambda _when: approve_run(run, by=self.director))
            self.agenda.plan(when + timedelta(days=1, hours=2), lambda _when: send_run(run, by=self.cast.officer))
            self.agenda.plan(when + timedelta(days=4), lambda then: self.answer(run, then))

    def answer(self, run: PaymentRun, when: datetime) -> None:
        """The bank's file: everything executed, but for an account that is closed, which its holder then replaces."""
        lines = ["reference;statut;code motif;montant"]
        for payment in run.payments.select_related("instalment__agreement__holder"):
            agreement = payment.instalment.agreement
            owner = self.closed.pop(agreement.pk, None)
            said = f"rejete;{CLOSED}" if owner else "execute;"
            lines.append(f"{payment.end_to_end};{said};{_amount(payment.amount_cents)}")
            if owner:
                self.agenda.plan(when + timedelta(days=3), self._replace(agreement.holder, owner))
        import_return(
            "\n".join(lines).encode(), funders=[self.cast.funder.pk], on=run.executes_on, by=self.cast.officer
        )

    def _replace(self, holder: Organisation, owner: User) -> Scene:
        """Its holder gives another account; the office checks it before the next run."""

        def scene(_when: datetime) -> None:
            account = enter_account(holder, holder.name, identifiers.iban(SECOND_ACCOUNTS + holder.pk), by=owner)
            check_account(account, by=self.cast.officer)

        return scene


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def pay_days(since: date, until: date) -> Iterator[date]:
    """One day a month."""
    day = since.replace(day=PAY_DAY)
    while day <= until:
        yield day
        day = add_months(day, 1)
