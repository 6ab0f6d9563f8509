from django.shortcuts import render

from terreau.engagement.lifecycle import NeedState, allows
from terreau.engagement.queries.needs import needs_of
from terreau.web.applicant.board.scope import load

VERBS = ("fill", "close", "reopen")


def board(request, reference):
    """What the project seeks, whom it is offered, who takes part already."""
    application = load(request, reference)
    may_seek = request.user.has_perm("engagement.seek", application)
    context = {
        "application": application,
        "may_seek": may_seek,
        "needs": [
            {"need": need, "verbs": [v for v in VERBS if may_seek and allows(NeedState, need.state, v)]}
            for need in needs_of(application)
        ],
    }
    return render(request, "applicant/board/board.html", context)
