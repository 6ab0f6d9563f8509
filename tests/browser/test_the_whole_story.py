"""From a first question to a project on the public map, in a real browser, with and without JavaScript."""

import pytest
from django.core import mail
from tests.browser.story import holder, jury, office, public
from tests.browser.story.setting import prepare

from terreau.selection.lifecycle import LetterState
from terreau.selection.models import Letter

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EMAIL = "claude.martin@exemple.fr"
AMOUNT = "18 000"


@pytest.fixture
def setting():
    return prepare()


def apply(page, call, *, js):
    """Learn, enter, write, submit: the reference of the file."""
    holder.check_eligibility(page, call)
    holder.create_account(page, EMAIL)
    holder.declare_structure(page)
    reference = holder.start(page, call)
    holder.describe(page)
    holder.answer_questions(page, js=js)
    holder.choose_places(page, js=js)
    holder.count_people(page)
    holder.balance_budget(page)
    holder.add_partner(page)
    holder.give_documents(page)
    assert holder.submit(page).startswith(b"%PDF")
    return reference


def decision_letters():
    return [one for one in mail.outbox if one.to == [EMAIL] and "Bravo à toute l’équipe" in one.body]


@pytest.mark.parametrize("js", [True, False], ids=["script", "no-script"])
def test_a_project_travels_from_a_question_to_the_public_map(open_as, setting, js):
    call, window = setting.call, setting.window
    applicant, officer, chair = open_as(js=js), open_as(setting.officer, js=js), open_as(setting.chair, js=js)
    visitor = open_as(js=js)

    reference = apply(applicant, call, js=js)
    holder.reads(applicant, reference, "déposé")

    office.admit(officer, reference)
    office.entrust(officer, window, setting.jurors)
    readers = [open_as(juror, js=js) for juror in setting.jurors]
    jury.hand_in(readers[0], "5")
    jury.hand_in(readers[1], "4")
    jury.step_aside(readers[2])

    office.propose(officer, window, AMOUNT)
    office.seal(chair, window)
    assert Letter.objects.get().state == LetterState.DRAFT
    holder.reads(applicant, reference, "en instruction")
    public.knows_nothing(visitor)

    office.approve_letter(officer, call)
    assert decision_letters() == []
    holder.reads(applicant, reference, "en instruction")
    office.send_twice(officer, call)
    assert len(decision_letters()) == 1
    holder.reads(applicant, reference, "retenu")
    public.shows(visitor, reference, AMOUNT)
