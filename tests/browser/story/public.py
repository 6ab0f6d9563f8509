"""What anybody sees: nothing before the letter has left, then a project on the list, on the map and on its page."""

from tests.browser.story.setting import TITLE, euros


def knows_nothing(page):
    page.goto("/projets/")
    page.locator("#compte").get_by_text("0 projet").wait_for()
    assert TITLE not in page.content()


def shows(page, reference, amount):
    page.goto("/projets/")
    page.locator("#compte").get_by_text("1 projet").wait_for()
    assert page.locator(f"svg a[href='/projets/{reference}/']").count() == 1
    page.locator("#resultats .card-grid").get_by_role("link", name=TITLE).click()
    page.get_by_role("heading", name=TITLE, level=1).wait_for()
    assert page.locator(".stats").get_by_text(euros(amount)).is_visible()
    assert page.get_by_role("region", name="Où").get_by_role("link", name="Saint-Dizier", exact=True).is_visible()
