from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.selection import actions, queries
from terreau.selection.lifecycle import Outcome
from terreau.selection.models import LetterTemplate
from terreau.web.office.gate import office_only, require
from terreau.web.office.letters.forms import TemplateForm
from terreau.web.office.letters.outbox import call_or_404


@office_only
@require_GET
def templates(request, pk):
    call = call_or_404(request, pk)
    rows = [(outcome, queries.template_of(call, outcome)) for outcome in Outcome]
    return render(request, "office/letters/templates.html", {"call": call, "rows": rows})


@office_only
@require_http_methods(["GET", "POST"])
def template(request, pk, outcome):
    call = call_or_404(request, pk)
    if outcome not in Outcome:
        raise Http404
    kept = queries.template_of(call, outcome)
    if request.method == "GET":
        return page(request, call, outcome, TemplateForm(initial={"subject": kept.subject, "body": kept.body}), kept)
    require(request, "selection.write_letters")
    form = TemplateForm(request.POST)
    if not form.is_valid():
        return page(request, call, outcome, form, None, status=422)
    tried = LetterTemplate(call=call, outcome=outcome, **form.cleaned_data)
    if "preview" in request.POST:
        return page(request, call, outcome, form, tried)
    actions.write_template(call, outcome, **form.cleaned_data, by=request.user)
    messages.success(request, _("Le modèle est enregistré. Il servira aux prochains comités scellés."))
    return redirect("office:templates", pk)


def example(outcome):
    """What the office could quote, as an example where it can quote anything."""
    if outcome not in queries.EXPLAINED:
        return {}
    return {name: str(words) for name, words in queries.EXAMPLES.items()}


def page(request, call, outcome, form, shown, *, status=200):
    """The words on one side, what they give on a real file on the other."""
    decision = queries.sample_decision(call, outcome) if shown else None
    subject, body = queries.letter_text(shown, decision, example(outcome)) if decision else ("", "")
    context = {
        "call": call,
        "outcome": Outcome(outcome),
        "form": form,
        "fields": queries.FIELDS.items(),
        "sample": decision,
        "subject": subject,
        "body": body,
        "writable": request.user.has_perm("selection.write_letters"),
    }
    return render(request, "office/letters/template.html", context, status=status)
