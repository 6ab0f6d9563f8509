"""Papers of commitments, read back by pdftotext: what they say, and that they name no participant."""

from datetime import UTC, date, datetime

import pytest
from tests import factories
from tests.engagement import gifted
from tests.papers import text_of

from terreau.accounts.models import Role
from terreau.engagement.actions.commitments import Offer, propose
from terreau.engagement.lifecycle import CommitmentState
from terreau.engagement.models import Commitment, Immersion
from terreau.engagement.queries import sheets
from terreau.projects.lifecycle import State

pytestmark = pytest.mark.django_db
START, END = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 11, tzinfo=UTC)


@pytest.fixture
def firm():
    return gifted.firm()


@pytest.fixture
def project():
    return factories.application(owner=factories.membership(), state=State.SELECTED, title="Passerelle")


def commitment(firm, project, form="visit", state=CommitmentState.PLANNED, title="La visite de l’atelier", **fields):
    made = propose(firm, project, Offer(form, title), by=None)
    dates = {"starts_at": START, "ends_at": END, "place": "12 rue du Port"}
    Commitment.objects.filter(pk=made.pk).update(state=state, **dates | fields)
    made.refresh_from_db()
    return made


def test_a_sheet_has_a_line_a_place_and_some_to_spare(firm, project):
    visit = commitment(firm, project, capacity=5, briefing="Chaussures fermées.")
    said = text_of(sheets.attendance(visit), "-layout")
    assert "Feuille d’émargement" in said
    assert "2 mars 2026 09:00" in said
    assert "Chaussures fermées." in said
    assert " 8 " in said
    assert " 9 " not in said.split("Signature")[1]


def test_the_agreement_of_an_immersion_says_what_the_decree_asks(firm, project):
    made = commitment(firm, project, "immersion", ends_at=datetime(2026, 3, 20, 8, tzinfo=UTC))
    immersion = Immersion.objects.create(commitment=made, purpose="confirm", tutor="Léa Martin")
    said = text_of(sheets.agreement(made, immersion), "-layout")
    for words in (
        "confirmer un projet",
        "du 2 mars 2026 au 20 mars 2026 inclus",
        "Léa Martin",
        firm.siret_shown.replace("\u202f", " ").replace("\xa0", " "),
        "Le prescripteur",
        "n’est pas payée",
        "avant le premier jour",
        "L. 5135-1",
    ):
        assert words in said


def test_the_certificate_tells_what_is_attested_and_no_gift(firm, project):
    pair = commitment(firm, project, "mentoring", CommitmentState.ACKNOWLEDGED, "Un mentorat de six mois")
    commitment(firm, project, "skills", CommitmentState.ACKNOWLEDGED, "Un conseil en gestion")
    commitment(firm, project, "visit", CommitmentState.DONE, "Une visite de plus")
    pair.log.create(on=date(2026, 3, 4), minutes=90)
    said = text_of(sheets.certificate(firm, 2026), "-layout")
    assert "Un mentorat de six mois, Passerelle" in said
    assert "Heures données : 1,5" in said.replace("données 1,5", "données : 1,5")
    assert "Un conseil en gestion" not in said
    assert "Une visite de plus" not in said
    assert "n’est pas un reçu fiscal" in said
    assert sheets.years(firm) == [2026]


def test_papers_are_downloaded_by_both_sides_at_their_moment(client, firm, project):
    visit = commitment(firm, project)
    head, mentor = gifted.head(firm), factories.person(Role.MENTOR, of=firm)
    client.force_login(head)
    where = f"/entreprise/{firm.pk}/engagements/"
    assert client.get(f"{where}{visit.pk}/emargement.pdf")["Content-Type"] == "application/pdf"
    assert client.get(f"{where}{visit.pk}/convention.pdf").status_code == 404
    assert client.get(f"{where}attestation-2026.pdf").status_code == 404
    commitment(firm, project, "network", CommitmentState.ACKNOWLEDGED)
    assert client.get(f"{where}attestation-2026.pdf").content.startswith(b"%PDF")
    assert "Attestation 2026 (PDF)" in client.get(where).content.decode()
    client.force_login(mentor)
    assert client.get(f"{where}attestation-2026.pdf").status_code == 404
    client.force_login(project.collaborators.get().membership.user)
    theirs = f"/dossiers/{project.reference}/partenaires/engagements/{visit.pk}/"
    assert client.get(f"{theirs}emargement.pdf").status_code == 200
    assert "emargement.pdf" in client.get(theirs).content.decode()
