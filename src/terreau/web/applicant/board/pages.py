from django.shortcuts import render
from django.utils import timezone

from terreau.engagement.lifecycle import CommitmentState, NeedState, allows
from terreau.engagement.queries import proposals as queries
from terreau.engagement.queries import words
from terreau.engagement.queries.needs import needs_of
from terreau.web.applicant.board.proposals import cards
from terreau.web.applicant.board.scope import load
from terreau.web.ui import proposals as telling

VERBS = ("fill", "close", "reopen")


def board(request, reference):
    """What the project seeks, whom it is offered, who takes part already."""
    application = load(request, reference)
    may_seek = request.user.has_perm("engagement.seek", application)
    needs, today = list(needs_of(application)), timezone.localdate()
    sought = [need for need in needs if need.state == NeedState.OPEN]
    shown = cards(application, queries.to_project(application), sought, words.themes())
    waiting = [card for card in shown if telling.waits(card["proposal"], today)]
    committed = application.commitments.exclude(state=CommitmentState.WITHDRAWN).select_related("company")
    context = {
        "application": application,
        "may_seek": may_seek,
        "needs": [
            {"need": need, "verbs": [v for v in VERBS if may_seek and allows(NeedState, need.state, v)]}
            for need in needs
        ],
        "sought": sought,
        "cards": waiting,
        "answered": [c for c in shown if c not in waiting],
        "willing": queries.willing(application),
        "commitments": committed,
        "method": telling.method(),
    }
    return render(request, "applicant/board/board.html", context)
