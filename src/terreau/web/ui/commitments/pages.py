"""What a firm and a project do alike with a commitment: read it, and each move from its question to its act."""

from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terreau.core import journal
from terreau.engagement.actions import commitments as actions
from terreau.engagement.lifecycle import CommitmentState
from terreau.engagement.queries import commitments as queries
from terreau.engagement.rulebook.commitments import BY_DAY, PARTIES
from terreau.web.ui.commitments.forms import CompleteForm, PlanForm, SignForm, WithdrawForm
from terreau.web.ui.commitments.papers import offered
from terreau.web.ui.gifts.pages import attempted

WORDS = {  # verb: the word of its address, its question, its button
    "agree": ("accepter", gettext_lazy("Accepter cet engagement\u00a0?"), gettext_lazy("Accepter")),
    "plan": ("programmer", gettext_lazy("Convenir d’une date"), gettext_lazy("Convenir d’une date")),
    "sign": ("signer", gettext_lazy("Noter une signature de la convention"), gettext_lazy("Noter une signature")),
    "complete": ("realiser", gettext_lazy("Cet engagement a eu lieu\u00a0?"), gettext_lazy("C’est fait")),
    "acknowledge": (
        "attester",
        gettext_lazy("Attester que cet engagement a été tenu\u00a0?"),
        gettext_lazy("Attester"),
    ),
    "withdraw": ("retirer", gettext_lazy("Retirer cet engagement\u00a0?"), gettext_lazy("Retirer")),
}
VERBS = {word: verb for verb, (word, _question, _button) in WORDS.items()}
DONE = {
    "propose": gettext_lazy("proposé"),
    "agree": gettext_lazy("accepté"),
    "plan": gettext_lazy("date convenue"),
    "sign": gettext_lazy("signature notée"),
    "complete": gettext_lazy("réalisé"),
    "acknowledge": gettext_lazy("attesté"),
    "withdraw": gettext_lazy("retiré"),
}
OVER = frozenset({CommitmentState.ACKNOWLEDGED, CommitmentState.WITHDRAWN})


def shown(request, commitment):
    """What both pages show of a commitment."""
    immersion = queries.immersion_of(commitment)
    verbs = [verb for verb in WORDS if request.user.has_perm(f"engagement.{verb}_commitment", commitment)]
    if commitment.starts_at and commitment.starts_at > timezone.now():
        verbs = [verb for verb in verbs if verb != "complete"]
    log = list(commitment.log.select_related("logged_by"))
    return {
        "commitment": commitment,
        "by_day": commitment.form in BY_DAY,
        "verdict": queries.verdict(commitment),
        "acts": [(WORDS[verb][0], WORDS[verb][2], verb == "withdraw") for verb in verbs],
        "papers": offered(commitment),
        "missing": [] if commitment.state in OVER else queries.missing(commitment),
        "immersion": immersion,
        "signed": [(PARTIES[party], on) for party, on in queries.signatures(immersion).items()] if immersion else [],
        "log": [(line, request.user.has_perm("engagement.strike_work", line)) for line in log],
        "hours": sum(line.minutes for line in log) / 60,
        "history": [
            {"what": DONE[line.verb], "who": line.actor_label, "at": line.at}
            for line in journal.history(commitment)
            if line.verb in DONE
        ],
    }


def form_of(verb, commitment, data):
    """What the move asks to be typed."""
    if verb == "plan":
        return PlanForm(data, commitment=commitment)
    if verb == "complete":
        return CompleteForm(data, commitment=commitment)
    return {"sign": SignForm, "withdraw": WithdrawForm}.get(verb, forms.Form)(data)


def call(verb, commitment, form, by):
    move = getattr(actions, verb)
    if verb == "plan":
        return move(commitment, form.plan(), by=by)
    return move(commitment, **form.cleaned_data, by=by)


def act(request, commitment, word, *, back):
    """One move: its question (GET), then its act; a refusal stands on the form and nothing is lost."""
    verb = VERBS.get(word)
    if verb is None:
        raise Http404
    if not request.user.has_perm(f"engagement.{verb}_commitment", commitment):
        raise PermissionDenied
    form = form_of(verb, commitment, request.POST if request.method == "POST" else None)
    move = partial(call, verb, commitment, form, request.user)
    if request.method == "POST" and form.is_valid() and attempted(form, move):
        messages.success(request, _("C’est enregistré, l’autre partie est prévenue."))
        return redirect(back)
    context = {
        "title": WORDS[verb][1],
        "text": commitment.title,
        "items": [commitment.company, commitment.application.title, _(queries.verdict(commitment).template)],
        "action": WORDS[verb][2],
        "danger": verb == "withdraw",
        "back": back,
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)
