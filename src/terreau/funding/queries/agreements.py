"""Agreements as lists and pages read them: who signed what, what stands in the way, who is told."""

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from terreau.accounts.models import User
from terreau.funding.lifecycle import AgreementState, AmendmentState
from terreau.funding.models import Agreement, Amendment, Signature
from terreau.funding.queries.clauses import clauses_in_force
from terreau.funding.queries.facts import contract_of, obligations_of
from terreau.projects.lifecycle import State
from terreau.projects.models import Application, Collaborator, Document
from terreau.projects.queries.content import LATER
from terreau.selection.lifecycle import Outcome
from terreau.selection.models import Decision

SIGNED_COPY = f"agreement{LATER}signed-copy"  # the key of a copy that came back, in the file's documents
OFFERED_COPY = f"agreement{LATER}offered"  # the key of a PDF that was offered
OPEN = (AmendmentState.DRAFT, AmendmentState.APPROVED)


def agreements(applications: QuerySet[Application]) -> QuerySet[Agreement]:
    """The agreements of these files, with what a list shows."""
    related = ("application__call", "application__window", "application__region", "holder")
    waiting = Amendment.objects.filter(agreement=OuterRef("pk"), state__in=OPEN)
    found = Agreement.objects.filter(application__in=applications).select_related(*related)
    return found.annotate(open_amendment=Exists(waiting))


def awaiting_agreement(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Selected and announced, without an agreement yet."""
    decided = Decision.objects.filter(
        application=OuterRef("pk"), outcome=Outcome.SELECTED, committee__sealed_at__isnull=False, amount_cents__gt=0
    )
    waiting = applications.filter(state=State.SELECTED, announced_at__isnull=False, agreement=None)
    return waiting.filter(Exists(decided)).select_related("holder", "call", "window").order_by("reference")


def current(target: Agreement | Amendment) -> dict[str, Signature]:
    """The signatures of the text in force, by party; those of a text recalled since are left out."""
    signatures = target.signatures.filter(digest=target.digest).select_related("document", "recorded_by")
    if isinstance(target, Agreement):
        signatures = signatures.filter(amendment=None)
    return {signature.party: signature for signature in signatures} if target.digest else {}


def copies_to_read(agreement: Agreement) -> QuerySet[Document]:
    """Signed copies that came back and that nobody has accepted or set aside."""
    used = Signature.objects.filter(document=OuterRef("pk"))
    received = agreement.application.documents.filter(key=SIGNED_COPY, removed_at=None)
    return received.exclude(Exists(used)).select_related("uploaded_by")


def open_amendment(agreement: Agreement) -> Amendment | None:
    """The one that waits for an answer or for signatures."""
    return agreement.amendments.filter(state__in=OPEN).first()


def obstacles_to_offer(agreement: Agreement, on: date) -> list[str]:
    """What forbids offering the text, in words."""
    found = [
        f"{o.label} : {o.why}"
        for o in obligations_of(agreement, on)
        if o.ok is False and o.key != "cer"  # it may be signed between the offer and the signature
    ]
    if not clauses_in_force(agreement.application.call.funder, on):
        found.append(_("Aucune clause n’est publiée pour ce financeur."))
    return found


def obstacles_to_signature(agreement: Agreement, on: date) -> list[str]:
    """What forbids the last signature: the law wants it before the grant exists."""
    return [
        f"{o.label} : {o.asks if o.key == 'cer' else o.why}" for o in obligations_of(agreement, on) if o.ok is False
    ]


def lacks_contract(agreement: Agreement, on: date) -> bool:
    """A republican contract is asked of the holder and none is kept."""
    asked = any(o.key == "cer" for o in obligations_of(agreement, on))
    return asked and contract_of(agreement) is None


def people_to_tell(application: Application) -> list[User]:
    """Who answers for a file on the holder's side: its owners, else those who write in it."""
    at_work = Collaborator.objects.filter(application=application, membership__left_at=None)
    found: dict[str, list[User]] = {role: [] for role in Collaborator.Role.values}
    for person in at_work.select_related("membership__user").order_by("pk"):
        found[person.role].append(person.membership.user)
    return found[Collaborator.Role.OWNER] or found[Collaborator.Role.EDITOR]


def is_over(agreement: Agreement) -> bool:
    return agreement.state in {AgreementState.CLOSED, AgreementState.TERMINATED, AgreementState.LAPSED}
