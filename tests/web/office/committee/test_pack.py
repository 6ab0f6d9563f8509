"""The committee pack: an accessible PDF, one page a file, without the files that its reader left the room for."""

import io

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone
from tests import factories

from terreau.accounts.models import Role
from terreau.core.models import Entry
from terreau.projects.lifecycle import State
from terreau.selection import actions
from terreau.selection.lifecycle import ReviewState
from terreau.selection.models import Opinion, Review, Score
from terreau.web.office.committee.pack import contents
from terreau.web.office.committee.scope import visible

pytestmark = pytest.mark.django_db


@pytest.fixture
def chair(client):
    chair = factories.membership(Role.CHAIR)
    client.force_login(chair.user)
    return chair


@pytest.fixture
def window():
    return factories.call().windows.get()


@pytest.fixture
def files(window, chair):
    made = [
        factories.application(of=window.call, state=State.IN_REVIEW, region=factories.region(), themes=["mobility"])
        for _n in range(3)
    ]
    for number, file in enumerate(made):
        for total in (50.0 + 10 * number, 60.0):
            review = Review.objects.create(
                application=file, juror=factories.membership(Role.JUROR), state=ReviewState.DONE, total=total
            )
            criterion = file.call.rules.criteria[0]
            Score.objects.create(review=review, criterion=criterion.key, value=number + 1)
    Opinion.objects.create(
        application=made[0],
        delegate=factories.membership(Role.DELEGATE),
        verdict="favourable",
        text="#set text(red) *Un projet utile*, « d’ailleurs » $x$ @ref",
        rendered_at=timezone.now(),
    )
    held = actions.convene(window, by=chair.user)
    actions.propose(held, made[2], "selected", amount_cents=4_000_000, by=chair.user)
    actions.propose(held, made[1], "declined", reason="Hors des publics de l’appel.", by=chair.user)
    return made


def taken(client, window):
    answer = client.get(reverse("office:committee-pack", args=[window.pk]))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return pikepdf.open(io.BytesIO(answer.content))


def text_of(request_user, window):
    class Request:
        user = request_user

    _all, rows, hidden = visible(Request, window)
    return contents(window, rows, hidden)


def test_the_pack_is_tagged_titled_and_has_a_page_a_file(client, window, files):
    with taken(client, window) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("fr")
        assert "/StructTreeRoot" in pdf.Root
        with pdf.open_metadata() as about:
            assert window.label in about["dc:title"]
            assert about["pdfuaid:part"] == "1"
        before = len(pdf.pages)
    factories.application(of=window.call, state=State.IN_REVIEW, region=factories.region())
    with taken(client, window) as pdf:
        assert len(pdf.pages) == before + 1


def test_the_pack_says_what_the_committee_needs(chair, window, files):
    content = text_of(chair.user, window)
    first = next(one for one in content["files"] if one["reference"] == files[0].reference)
    last = next(one for one in content["files"] if one["reference"] == files[2].reference)
    assert first["opinions"][0][0] == "Avis favorable"
    assert first["marks"][0][1:] == ["1,0", str(window.call.rules.criteria[0].maximum)]
    assert last["decision"].startswith("retenu")
    assert ["Note brute", "65,0 (écart 10,0)"] in last["facts"]
    assert dict(content["totals"])["Dossiers retenus"] == "1"
    assert [row[1] for row in content["ranking"]] == [files[n].reference for n in (2, 1, 0)]
    assert "région" in content["maps"][0]["alt"].lower()


def test_each_file_is_told_against_the_scenario_of_reference(chair, window, files):
    from terreau.selection.rulebook import Parameters

    scenario = actions.run_selection(window, Parameters(), by=chair.user)
    told = {one["reference"]: one["optimum"] for one in text_of(chair.user, window)["files"]}
    for file in files:
        assert told[file.reference].startswith("Retenu" if file.reference in scenario.outcome["granted"] else "Hors")


def test_who_left_the_room_does_not_receive_the_file(client, chair, window, files):
    with taken(client, window) as pdf:
        whole = len(pdf.pages)
    held = actions.convene(window, by=chair.user)
    actions.recuse_member(held, files[2], chair, "Lien", by=chair.user)
    with taken(client, window) as pdf:
        assert len(pdf.pages) == whole - 1
    content = text_of(chair.user, window)
    assert files[2].reference not in str(content)
    assert content["hidden"]
    line = Entry.objects.filter(verb="record_pack").latest("pk")
    assert (line.details["files"], line.details["hidden"]) == (2, 1)


def test_a_committee_that_has_not_begun_has_a_pack_too(client, chair, window):
    with taken(client, window) as pdf:
        assert len(pdf.pages) >= 2
    assert Entry.objects.get(verb="record_pack").subject_id == str(window.pk)


@pytest.mark.parametrize("role", [Role.JUROR, Role.DELEGATE])
def test_only_the_committee_may_take_it(client, window, role):
    client.force_login(factories.membership(role).user)
    assert client.get(reverse("office:committee-pack", args=[window.pk])).status_code == 404
