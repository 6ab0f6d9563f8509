import pytest
from tests import factories
from tests.web.office.room.setting import EACH, file_of

from terreau.accounts.models import Role


@pytest.fixture
def window():
    one = factories.call()
    one.windows.update(envelope_cents=2 * EACH)
    return one.windows.get()


@pytest.fixture
def files(window):
    return [file_of(window, score) for score in (80.0, 60.0, 40.0)]


@pytest.fixture
def chair(client):
    chair = factories.membership(Role.CHAIR)
    client.force_login(chair.user)
    return chair
