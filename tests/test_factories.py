import pytest
from stdnum.fr import siret
from tests import factories

from terreau.projects.lifecycle import State


def test_made_sirets_are_well_formed():
    assert siret.is_valid(factories.siret())


@pytest.mark.django_db
def test_an_application_comes_with_what_it_needs():
    owner = factories.membership()
    made = factories.application(owner=owner, state=State.SUBMITTED, themes=["mentoring"], publics={"cadre": 12})
    assert made.holder == owner.organisation
    assert made.call.rules.label("publics", "cadre") == "Cadres"
    assert made.targets.get().expected == 12
    assert made.window.is_open()
