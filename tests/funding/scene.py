"""A decided file and what follows: committee sealed, decision announced, clauses published, agreement drawn, signed."""

import re
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests import factories

from terreau.accounts.models import Role
from terreau.core.models import Mail
from terreau.funding import actions
from terreau.funding.models import Clause
from terreau.projects.lifecycle import State
from terreau.projects.models import BudgetLine
from terreau.selection.models import Committee, Decision

CLIENT = {"address": "192.0.2.7", "agent": "Navigateur d’essai"}
BUDGET = (
    ("60", "Fournitures", 20_000_00, "", False),
    ("64", "Une coordinatrice", 80_000_00, "", False),
    ("74", "Ce financeur", 50_000_00, "sought", True),
    ("74", "Région Grand Est", 30_000_00, "obtained", False),
    ("75", "Fondation du Port", 20_000_00, "sought", False),
    ("86v", "Bénévoles", 5_000_00, "", False),
    ("87v", "Bénévoles", 5_000_00, "", False),
)


def officer():
    return factories.person(Role.OFFICER)


def decided(granted=50_000_00, *, call=None, owner=None, lines=BUDGET, **fields):
    """A file that a sealed committee has selected, announced to its holder; the funder's clauses are published."""
    call = call or factories.call()
    window = call.windows.first()
    file = factories.application(
        of=call, owner=owner or factories.membership(Role.HOLDER), state=State.SELECTED, window=window,
        granted_cents=granted, **fields,
    )  # fmt: skip
    BudgetLine.objects.bulk_create(
        BudgetLine(application=file, rubric=r, label=label, amount_cents=cents, status=status, requested=asked)
        for r, label, cents, status, asked in lines
    )
    committee = Committee.objects.filter(window=window, sealed_at=None).first()
    committee = committee or Committee.objects.get_or_create(window=window)[0]
    Decision.objects.create(committee=committee, application=file, outcome="selected", amount_cents=granted)
    return file


def sealed(file):
    """Seal the committee of this file, and publish the clauses of its funder."""
    Committee.objects.filter(window=file.window).update(sealed_at=timezone.now(), digest="0" * 64)
    by = officer()
    actions.seed_clauses(file.call.funder, by=by)
    actions.publish_clauses(Clause.objects.filter(published_at=None), by=by)
    return file


def draft(by=None, **fields):
    by = by or officer()
    agreement = actions.draft_agreement(sealed(decided(**fields)), by=by)
    return actions.edit_agreement(agreement, starts_on=date(2025, 3, 1), ends_on=date(2026, 2, 28), by=by)


def offered(by=None, **fields):
    by = by or officer()
    return actions.offer(draft(by, **fields), by=by)


def owner_of(agreement):
    return agreement.application.collaborators.get(role="owner").membership.user


def code_of(code):
    return re.search(r": (\d{6})$", Mail.objects.get(key=f"signing-code:{code.pk}").body, re.MULTILINE)[1]


def sign(target, party, by):
    code = actions.send_code(target, by=by)
    return actions.sign_with_code(
        target, code_of(code), party=party, signatory=str(by), capacity="Présidente", client=CLIENT, by=by
    )


def contract(agreement, by):
    return actions.record_contract(
        agreement, signed_on=timezone.localdate() - timedelta(days=1), signatory="Camille Essai", version="2021", by=by
    )


def signed(by=None, **fields):
    by = by or officer()
    agreement = offered(by, **fields)
    contract(agreement, by)
    sign(agreement, "holder", owner_of(agreement))
    sign(agreement, "funder", by)
    agreement.refresh_from_db()
    return agreement


def pdf_file(content, name="copie.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")
