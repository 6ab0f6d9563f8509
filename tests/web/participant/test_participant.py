import pytest
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_page_says_what_is_held_and_leads_to_one_s_rights(client):
    client.force_login(factories.user())
    page = client.get("/parcours/").content.decode()
    for path in ("/compte/donnees/", "/compte/profil/", "/compte/donnees/export.json", "/compte/effacer/"):
        assert path in page
    assert "Rien sur votre santé" in page
