"""Drawing a basin without JavaScript: search, tick, save."""

import pytest
from django.urls import reverse
from tests import factories, geography

from terreau.accounts.models import Role
from terreau.territories.models import Level, Territory


@pytest.fixture
def places(db):
    return geography.grand_est()


def basin():
    return Territory.objects.get(level=Level.BASIN)


def test_a_holder_searches_ticks_and_saves(client, places):
    client.force_login(factories.person())
    url = reverse("public:draw-basin")
    found = client.post(url, {"name": "Der", "communes": ["commune:52121"], "communes-q": "st dizier"}).text
    assert 'value="commune:52448"' in found
    assert 'value="Der"' in found
    assert "Corrigez" not in found
    answer = client.post(url, {"name": "Der", "communes": ["commune:52121", "commune:52448"]})
    assert answer.headers["Location"] == basin().get_absolute_url()
    assert "Modifier" in client.get(basin().get_absolute_url()).text


def test_nothing_ticked_is_told_at_the_field(client, places):
    client.force_login(factories.person())
    page = client.post(reverse("public:draw-basin"), {"name": "Der"})
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["communes"]


def test_only_holders_and_staff_draw_and_only_the_author_or_staff_change(client, places):
    url = reverse("public:draw-basin")
    assert client.get(url).status_code == 302
    client.force_login(factories.person(Role.JUROR))
    assert client.get(url).status_code == 403
    client.force_login(factories.person())
    client.post(url, {"name": "Der", "communes": ["commune:52121"]})
    change = reverse("public:redraw-basin", args=[basin().code])
    remove = reverse("public:delete-basin", args=[basin().code])
    assert 'value="commune:52121"' in client.get(change).text
    client.force_login(factories.person())
    assert client.get(change).status_code == client.post(remove).status_code == 403
    client.force_login(factories.person(Role.OFFICER))
    client.post(change, {"name": "Blaise", "communes": ["epci:200066000"]})
    assert (basin().name, basin().parts.count()) == ("Blaise", 2)
    assert client.get(remove).status_code == 200
    client.post(remove)
    assert not Territory.objects.filter(level=Level.BASIN).exists()
