"""The receipt: a tagged PDF that says what was handed in, when, with its digest."""

import io

import pikepdf
import pytest
from django.urls import reverse
from tests import factories
from tests.projects.test_submission import fill

from terreau.projects import actions

pytestmark = pytest.mark.django_db


def test_the_receipt_is_an_accessible_pdf(client):
    owner = factories.membership()
    draft = actions.start(factories.call(), owner.organisation, by=owner.user, membership=owner)
    fill(draft, owner.user)
    actions.save_answers(draft, {"need": ("#set text(red) *gras* « d’ailleurs » $x$ @ref", None)}, by=owner.user)
    client.force_login(owner.user)
    done = client.post(reverse("applicant:submit", args=[draft.reference]), follow=True)
    assert "Dossier déposé" in done.content.decode()
    url = reverse("applicant:receipt", args=[draft.reference, 1])
    answer = client.get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer.content == client.get(url).content
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert str(pdf.Root.Lang).startswith("fr")
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as about:
            assert draft.reference in about["dc:title"]
            assert about["pdfuaid:part"] == "1"
    client.force_login(factories.person())
    assert client.get(url).status_code == 404
