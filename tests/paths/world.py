"""One small world for tests that walk the whole site: a call, its files in every state, one person for each role."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests import factories
from tests.engagement import gifted
from tests.geography import grand_est

from terreau.accounts.models import Invitation, JoinRequest, Organisation, Role
from terreau.calls.lifecycle import State as CallState
from terreau.core.models import Mail
from terreau.engagement.actions import commitments, gifts
from terreau.engagement.actions.barometer import close_edition
from terreau.engagement.actions.entitlements import declare_right
from terreau.engagement.actions.exercises import Typed, type_exercise
from terreau.engagement.actions.receipts import issue
from terreau.engagement.models import Commitment, CompanyProfile, Gift, Need, Proposal
from terreau.funding import actions as funding
from terreau.funding.actions import reports
from terreau.funding.actions.calendar import keep_calendar
from terreau.funding.lifecycle import AgreementState
from terreau.funding.models import Agreement, Amendment, BankAccount, Clause, Instalment, Payment, PaymentRun
from terreau.projects import queries
from terreau.projects.lifecycle import State
from terreau.projects.models import Collaborator, Document, SavedView, Submission
from terreau.selection import actions
from terreau.selection.lifecycle import LetterState, Outcome, ReviewState
from terreau.selection.models import Committee, Decision, Letter, Review
from terreau.selection.rulebook import Parameters
from terreau.territories.actions import draw_basin

STATES = ["draft", "submitted", "incomplete", "admitted", "in_review", "selected", "declined", "withdrawn"]
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass
class World:
    people: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Any] = field(default_factory=dict)
    call: Any = None
    draft_call: Any = None
    places: dict[str, Any] = field(default_factory=dict)
    owner: Any = None
    reviews: dict[str, Any] = field(default_factory=dict)
    committee: Any = None
    scenario: Any = None
    sealed: Any = None
    letter: Any = None
    agreement: Any = None
    reports: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)


def build() -> World:
    world = World(places=grand_est())
    people(world)
    world.call = factories.call(slug="appel", title="L’appel")
    world.draft_call = factories.call(slug="brouillon", title="Le prochain appel", state=CallState.DRAFT)
    for state in STATES:
        add_file(world, state)
    add_file(world, "selected", "followed")
    committees(world)
    agreements(world)
    agreed(world)
    payments(world)
    loose_ends(world)
    partners(world)
    barometer(world)
    giving(world)
    return world


def people(world):
    here, elsewhere = world.places["region:44"], factories.region("53", "Bretagne")
    world.owner = factories.membership(Role.HOLDER)
    organisation = world.owner.organisation
    jury = factories.membership(Role.JUROR)
    company = factories.organisation(kind=Organisation.Kind.COMPANY, legal_form="company")
    world.others |= {
        "editor": factories.membership(Role.HOLDER, of=organisation),
        "reader": factories.membership(Role.HOLDER, of=organisation),
        "juror": jury,
        "company": company,
        "chair": factories.membership(Role.CHAIR),
        "delegate": factories.membership(Role.DELEGATE, regions=[here]),
    }
    world.people = {
        "nobody": None,
        "participant": factories.user(),
        "stranger": factories.person(Role.HOLDER),
        "reader": world.others["reader"].user,
        "editor": world.others["editor"].user,
        "owner": world.owner.user,
        "officer": factories.person(Role.OFFICER),
        "delegate": world.others["delegate"].user,
        "elsewhere": factories.person(Role.DELEGATE, regions=[elsewhere]),
        "juror": jury.user,
        "idle_juror": factories.person(Role.JUROR),
        "chair": world.others["chair"].user,
        "administrator": factories.person(Role.ADMINISTRATOR),
        "contact": factories.person(Role.CONTACT, of=company),
        "mentor": factories.person(Role.MENTOR, of=company),
    }


def add_file(world, state, name=""):
    announced = None if state == "declined" else timezone.now()
    file = factories.application(
        of=world.call,
        owner=world.owner,
        state=State(state),
        reference="2025-0100" if name else f"2025-{STATES.index(state) + 1:04d}",
        region=world.places["region:44"],
        announced_at=announced if state == "selected" else None,
        publics={"cadre": 40},
        themes=["mentoring"],
    )
    for role in ("editor", "reader"):
        Collaborator.objects.create(application=file, membership=world.others[role], role=role)
    Document.objects.create(
        application=file,
        key="statutes",
        file=SimpleUploadedFile("statuts.pdf", PDF),
        name="statuts.pdf",
        mime="application/pdf",
        size=len(PDF),
        digest="0" * 64,
    )
    if state not in {"draft", "withdrawn"}:
        now = timezone.now()
        content = queries.content(file, by=world.owner.user, at=now)
        Submission.objects.create(
            application=file,
            number=1,
            content=content,
            digest=queries.digest(content),
            version=file.version,
            by=world.owner.user,
            at=now,
        )
    if state in {"in_review", "selected", "declined"}:
        done = ReviewState.ASSIGNED if state == "in_review" else ReviewState.DONE
        world.reviews[name or state] = Review.objects.create(application=file, juror=world.others["juror"], state=done)
    world.files[name or state] = file


def committees(world):
    """The committee of the open window is at work; an earlier window's is sealed, with a letter to read."""
    window = world.call.windows.get()
    world.committee = Committee.objects.create(window=window)
    world.scenario = actions.run_selection(window, Parameters(), by=world.people["chair"])
    earlier = world.call.windows.create(
        key="avant",
        label="Avant",
        opens_at=timezone.now() - timedelta(200),
        deadline=timezone.now() - timedelta(100),
        envelope_cents=100_000_000,
    )
    world.sealed = Committee.objects.create(window=earlier)
    outcomes = {"followed": Outcome.SELECTED, "selected": Outcome.SELECTED, "declined": Outcome.DECLINED}
    for state, outcome in outcomes.items():
        world.files[state].window = earlier
        world.files[state].save()
        decision = Decision.objects.create(
            committee=world.sealed,
            application=world.files[state],
            outcome=outcome,
            reason="Motif.",
            amount_cents=5_000_000 if state == "selected" else None,
        )
        world.letter = Letter.objects.create(
            decision=decision, to="a@exemple.fr", subject="Objet", body="Texte", state=LetterState.DRAFT
        )
    Committee.objects.filter(pk=world.sealed.pk).update(sealed_at=timezone.now(), digest="0" * 64)
    world.sealed.refresh_from_db()


def agreements(world):
    """The selected file has an agreement to sign, a copy of it to read, and an amendment that waits."""
    officer, file = world.people["officer"], world.files["selected"]
    funding.seed_clauses(world.call.funder, by=officer)
    funding.publish_clauses(list(Clause.objects.all()), by=officer)
    world.agreement = funding.offer(funding.draft_agreement(file, by=officer), by=officer)
    world.others["copy"] = file.documents.create(
        key="agreement/signed-copy",
        file=SimpleUploadedFile("copie.pdf", PDF),
        name="copie.pdf",
        size=len(PDF),
        digest="1" * 64,
    )
    Amendment.objects.create(agreement=world.agreement, number=1, changes={"ends_on": ["2027-01-01", "2027-02-01"]})


def agreed(world):
    """One more file has a signed agreement: a milestone report waits to be read, the final one is being written."""
    owner, today = world.people["owner"], timezone.localdate()
    file = world.files["followed"]
    agreement = Agreement.objects.create(
        application=file,
        holder=file.holder,
        number="C2025-001",
        state=AgreementState.SIGNED,
        purpose="Le projet.",
        starts_on=today - timedelta(100),
        ends_on=today + timedelta(100),
        signed_on=today - timedelta(100),
        eligible_base_cents=10_000_000,
        granted_cents=4_000_000,
    )
    agreement.instalments.create(number=1, condition="milestone", amount_cents=4_000_000, due_on=today)
    keep_calendar(agreement, by=None)
    sent, draft = (agreement.reports.get(kind=kind) for kind in ("milestone", "final"))
    for report in (sent, draft):
        reports.open_report(report, by=owner)
    sections = ("activities", "participants", "results", "difficulties", "next")
    said = dict.fromkeys(sections, ("Texte.", None)) | {"_participants": ({"cadre": "30"}, None)}
    reports.save(sent, said, by=owner)
    reports.submit(sent, by=owner)
    world.reports = {"submitted": sent, "draft": draft}
    world.reports["clawback"] = agreement.clawbacks.create(amount_cents=100, reason="Trop versé.", due_on=today)
    world.reports["joined"] = reports.attach(draft, SimpleUploadedFile("bilan.pdf", PDF), by=owner)


def loose_ends(world):
    soon = timezone.now() + timedelta(days=7)
    world.others["invitation"] = Invitation.objects.create(
        email="invite@exemple.fr",
        organisation=world.owner.organisation,
        role=Role.HOLDER,
        invited_by=world.people["owner"],
        expires_at=soon,
    )
    world.others["view"] = SavedView.objects.create(user=world.people["officer"], name="Mes dossiers", query="state=x")
    communes = [world.places["commune:52448"], world.places["commune:51649"]]
    world.others["basin"] = draw_basin("Der", communes, by=world.people["officer"])
    world.others["request"] = JoinRequest.objects.create(
        user=world.people["stranger"], organisation=world.owner.organisation
    )
    world.others["mail"] = Mail.objects.create(key="k", to="a@exemple.fr", subject="s", body="b", state="sending")


def payments(world):
    """An instalment to pay, a run that waits for approval, and a bank account that waits for a check."""
    holder, funder = world.owner.organisation, world.call.funder
    due, paid = (
        Instalment.objects.create(
            agreement=world.agreement, number=n, condition="signature", amount_cents=100, due_on=timezone.localdate(),
            state=state,
        )
        for n, state in ((1, "due"), (2, "prepared"))
    )  # fmt: skip
    own, account = (
        BankAccount.objects.create(organisation=of, holder_name="Nom", iban="FR7630006000011234567890189", proof=proof)
        for of, proof in ((funder, None), (holder, world.others["copy"]))
    )
    run = PaymentRun.objects.create(
        number="OP-2025-0001",
        funder=funder,
        debtor=own,
        executes_on=timezone.localdate(),
        prepared_by=factories.person(Role.OFFICER),
    )
    Payment.objects.create(run=run, instalment=paid, account=account, amount_cents=100, end_to_end="OP-2025-0001-001")
    world.others |= {"due": due, "account": account, "run": run}


def partners(world):
    """The followed project seeks a visit; it and a firm are proposed to each other."""
    world.others["need"] = Need.objects.create(application=world.files["followed"], form="visit", title="Une visite")
    pair = {"application": world.files["followed"], "company": world.others["company"], "score": 50}
    CompanyProfile.objects.create(organisation=world.others["company"], is_listed=True)
    Organisation.objects.filter(pk=world.owner.organisation_id).update(commune=world.places["commune:52121"])
    world.others["firm_proposed"] = Proposal.objects.create(reader="project", **pair)
    world.others["project_proposed"] = Proposal.objects.create(reader="company", **pair)
    told = commitments.Offer("mentoring", "Un mentorat de six mois")
    world.others["commitment"] = commitments.propose(
        world.others["company"], world.files["followed"], told, by=world.people["contact"]
    )
    commitments.agree(world.others["commitment"], by=world.people["owner"])
    theirs = {"application": world.files["followed"], "company": world.others["company"], "starts_at": timezone.now()}
    world.others["visit"] = Commitment.objects.create(form="visit", title="Une visite", state="planned", **theirs)
    Commitment.objects.create(form="network", title="Des rencontres", state="acknowledged", **theirs)
    world.others["work"] = world.others["commitment"].log.create(on=date(2026, 3, 2), minutes=90)


def barometer(world):
    """One gift of a year that is over and published, one of a year that is over only."""
    of = {"donor": world.others["company"], "recipient": world.owner.organisation, "amount_cents": 5_000_00}
    for year in (2024, 2025):
        Gift.objects.create(**of, kind="money", given_on=date(year, 3, 1), confirmed_at=timezone.now())
    close_edition(2025, by=None)


def giving(world):
    """A structure that may issue receipts: one gift of the firm has one, another waits to be confirmed."""
    firm, structure = world.others["company"], world.owner.organisation
    for organisation in (firm, structure):
        organisation.address, organisation.commune = "1 rue Haute", world.places["commune:52448"]
        organisation.save()
    declare_right(structure, **gifted.RIGHT, by=None)
    told = gifted.told(given_on=timezone.localdate())
    world.others["receipt"] = issue(gifts.record(firm, structure, told, by=None), by=world.people["owner"])
    world.others["gift"] = gifts.declare(firm, structure, told, by=world.people["contact"])
    year = Typed(date(timezone.localdate().year, 12, 31), 800_000_00)
    world.others["exercise"] = type_exercise(firm, year, by=world.people["contact"])
