"""The reasons that a letter quotes: chosen one by one, tried, then written into it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terreau.core.moves import Refused
from terreau.selection import actions, queries
from terreau.web.office.gate import office_only, require
from terreau.web.office.letters.outbox import letter_or_404

SENTENCES = ("score", "threshold", "rule")


@office_only
@require_http_methods(["GET", "POST"])
def reasons(request, pk):
    """GET shows what can be quoted and the letter as it would be; POST tries a choice, or writes it."""
    found = letter_or_404(request, pk)
    require(request, "selection.write_letters", found)
    if request.method == "GET" or "preview" in request.POST:
        return page(request, found, chosen(request, found))
    try:
        actions.explain_letter(found, chosen(request, found), base=base(request.POST), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return page(request, found, chosen(request, found), status=409)
    messages.success(request, _("La lettre est refaite avec ces raisons. Relisez-la."))
    return redirect("office:letter", pk)


def chosen(request, found):
    if request.method == "GET":
        return queries.Choice.read(found.explained)
    return queries.Choice(
        *(name in request.POST for name in SENTENCES), advice=tuple(sorted(request.POST.getlist("advice")))
    )


def base(data):
    version = data.get("base", "")
    return int(version) if version.isdecimal() else None


def page(request, found, choice, *, status=200):
    decision = found.decision
    said = queries.explanation(decision)
    template = queries.template_of(decision.committee.window.call, decision.outcome)
    subject, body = queries.letter_text(template, decision, queries.quoted(said, choice))
    context = {
        "letter": found,
        "call": decision.committee.window.call,
        "sentences": [
            (name, queries.FIELDS[name], getattr(said, name), getattr(choice, name), "{" + name + "}" in template.body)
            for name in SENTENCES
        ],
        "remarks": [(remark, remark.key in choice.advice) for remark in said.remarks],
        "takes_advice": "{advice}" in template.body,
        "scenario": decision.committee.reference,
        "subject": subject,
        "body": body,
    }
    return render(request, "office/letters/reasons.html", context, status=status)
