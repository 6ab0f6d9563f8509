"""Every page of the site that somebody can open, with axe, on a desk and on a phone, from the table of permissions."""

import pytest
from django.urls import reverse
from tests.paths.test_permission_matrix import address, file_of, kept
from tests.paths.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
NOT_PAGES = ("healthz", "erased", "components")
STEPS = ["project", "section-project", "territory", "publics", "budget", "partners", "documents"]
ACCOUNT = ["account_email", "account_change_password", "mfa_index", "account_reauthenticate"]
DOOR = ["account_login", "account_signup", "account_reset_password", "account_request_login_code"]
SPACES = ["public:", "member:", "applicant:", "office:call", "office:", "jury:", "company:", "participant:"]


def role_for(said):
    """Who opens a page: the first role of the table that reads it, somebody of the office before the others."""
    order = ["nobody", "officer", "owner", "juror", "chair", "delegate", *said]
    return next((role for role in order if said[role].startswith("200")), None)


def pages(world, space):
    """(role, address) of each page of a space, a page of a file once in each state that shows it otherwise."""
    for (name, state), said in kept().items():
        mine = next(s for s in [*SPACES, ""] if name.startswith(s)) == space
        role = role_for(said)
        if not mine or role is None or state not in {"", "draft", "submitted", "selected"}:
            continue
        if any(word in name for word in NOT_PAGES):
            continue
        where, _, verb = name.partition(" ")
        file = file_of(world, name, state)
        yield role, reverse(where, args=[file.reference, verb]) if verb else address(world, where, file)


def more(world, space):
    """Steps of a form and the pages of accounts, which the table holds once or not at all."""
    draft = world.files["draft"].reference
    if space == "applicant:":
        yield from (("owner", reverse("applicant:step", args=[draft, key])) for key in STEPS)
    if space == "member:":
        yield from (("owner", reverse(name)) for name in ACCOUNT)
        yield from (("nobody", reverse(name)) for name in DOOR)


@pytest.mark.parametrize("space", SPACES)
def test_the_story_has_no_accessibility_violation(open_as, audit, space):
    world = build()
    found, opened = [], {}
    wanted = sorted({*pages(world, space), *more(world, space)})
    assert wanted
    for role, path in wanted:
        if role not in opened:
            opened[role] = open_as(world.people[role], size=DESK)
        found += faults(opened[role], path, audit)
    assert found == []


def faults(page, path, audit):
    """What is wrong with one page, at both widths. A file to download or a part of a page is none."""
    found = []
    if b"<html" not in page.request.get(path).body():
        return found
    answer = page.goto(path)
    if answer.status != 200:
        found.append(f"{path}: {answer.status}")
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        try:
            audit(page)
        except AssertionError as wrong:
            found.append(f"{size['width']} {wrong}")
    if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
        found.append(f"{path}: {width} pixels wide on a phone")
    page.set_viewport_size(DESK)
    return found
