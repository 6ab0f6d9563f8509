import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}])
def test_the_front_door_opens_for_everybody(open_as, audit, size):
    page = open_as(size=size)
    page.goto("/")
    assert page.get_by_role("heading", level=1).is_visible()
    audit(page)
