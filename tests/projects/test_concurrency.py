"""Many hands at once, on either database: no number twice, no text lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from tests import factories

from terreau.projects import actions
from terreau.projects.models import Application, Revision

pytestmark = pytest.mark.django_db(transaction=True)


def together(act, items):
    def one(item):
        try:
            return act(item)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(one, items))


def test_no_two_files_share_a_number():
    owner = factories.membership()
    call = factories.call()
    together(lambda _: actions.start(call, owner.organisation, by=owner.user, membership=owner), range(40))
    assert Application.objects.values("reference").distinct().count() == 40


def test_no_text_is_lost_when_everybody_writes_the_same_answer():
    owner = factories.membership()
    draft = actions.start(factories.call(), owner.organisation, by=owner.user, membership=owner)
    texts = [f"texte {i}" for i in range(24)]
    together(lambda text: actions.save_answers(draft, {"need": (text, 0)}, by=owner.user), texts)
    kept = set(Revision.objects.filter(answer__application=draft).values_list("value", flat=True))
    assert kept >= set(texts)
