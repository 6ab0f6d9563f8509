from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from terreau.core import journal
from terreau.core.moves import Refused, WrongMoment
from terreau.funding.actions.bank_returns import import_return, settle_by_hand
from terreau.funding.actions.payment_runs import approve_run, cancel_run, send_run
from terreau.funding.lifecycle import PaymentState
from terreau.funding.queries import payments as queries
from terreau.web.office.gate import require
from terreau.web.office.payments.forms import ReasonForm, ReturnForm, SettleForm
from terreau.web.office.payments.scope import money_only, run_or_404

PAGE = 50


@money_only
@require_GET
def runs(request):
    found = Paginator(queries.runs(request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": found, "may_import": request.user.has_perm("funding.import_return")}
    return render(request, "office/payments/runs.html", context)


@money_only
@require_GET
def run(request, pk):
    return page(request, run_or_404(request, pk), SettleForm(initial={"on": timezone.localdate()}))


def page(request, found, form, *, status=200):
    payments = list(queries.payments(found))
    verbs = ("approve", "send", "cancel", "answer")
    context = {
        "run": found,
        "payments": payments,
        "form": form,
        "waiting": [p for p in payments if p.state == PaymentState.SENT],
        "may": {verb: request.user.has_perm(f"funding.{verb}_run", found) for verb in verbs},
        "history": journal.history(found),
    }
    return render(request, "office/payments/run.html", context, status=status)


def told(request, pk, act, done):
    """Act, and come back to the run with what happened or why not."""
    try:
        act()
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    except WrongMoment:
        messages.error(request, _("Quelqu’un d’autre a déjà fait avancer cet ordre."))
    else:
        messages.success(request, done)
    return redirect("office:run", pk)


@money_only
@require_POST
def approve(request, pk):
    found = run_or_404(request, pk)
    require(request, "funding.approve_run", found)
    return told(request, pk, partial(approve_run, found, by=request.user), _("L’ordre est approuvé."))


@money_only
@require_POST
def send(request, pk):
    found = run_or_404(request, pk)
    require(request, "funding.send_run", found)
    done = _("Le fichier est prêt : téléchargez-le et remettez-le à la banque.")
    return told(request, pk, partial(send_run, found, by=request.user), done)


@money_only
@require_http_methods(["GET", "POST"])
def cancel(request, pk):
    found = run_or_404(request, pk)
    require(request, "funding.cancel_run", found)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        act = partial(cancel_run, found, reason=form.cleaned_data["reason"], by=request.user)
        return told(request, pk, act, _("L’ordre est annulé ; ses versements sont de nouveau à payer."))
    context = {
        "title": _("Annuler l’ordre %(number)s") % {"number": found.number},
        "text": _("Ses versements redeviennent à payer. L’ordre garde son numéro."),
        "form": form,
        "action": _("Annuler l’ordre"),
        "danger": True,
        "back": request.path.rsplit("annuler/", 1)[0],
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@money_only
@require_GET
def xml(request, pk):
    """The file handed to the bank, the same bytes each time."""
    return download(run_or_404(request, pk), "xml", "application/xml", lambda run: run.content)


@money_only
@require_GET
def table(request, pk):
    return download(run_or_404(request, pk), "csv", "text/csv; charset=utf-8", queries.csv_of)


def download(found, ending, mime, content):
    if not found.digest:
        raise Http404
    response = HttpResponse(content(found), content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{found.number}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@money_only
@require_POST
def settle(request, pk):
    """What a person read on the bank statement, for the payments that are ticked."""
    found = run_or_404(request, pk)
    require(request, "funding.answer_run", found)
    form = SettleForm(request.POST)
    ticked = [int(key) for key in request.POST.getlist("payments") if key.isdecimal()]
    chosen = list(queries.payments(found).filter(pk__in=ticked))
    if form.is_valid() and not chosen:
        form.add_error(None, _("Cochez au moins un paiement."))
    if not form.is_valid():
        return page(request, found, form, status=422)
    act = partial(settle_by_hand, found, chosen, **form.cleaned_data, by=request.user)
    return told(request, pk, act, _("La réponse de la banque est enregistrée."))


@money_only
@require_http_methods(["GET", "POST"])
def returns(request):
    """The bank's return: every payment that it names is settled or rejected, once."""
    require(request, "funding.import_return")
    form = ReturnForm(request.POST or None, request.FILES or None, initial={"on": timezone.localdate()})
    if form.is_valid():
        try:
            result = import_return(
                form.cleaned_data["file"].read(),
                funders=queries.funders_of(request.user),
                on=form.cleaned_data["on"],
                by=request.user,
            )
        except Refused as refusal:
            for reason in refusal.reasons:
                form.add_error("file", reason)
        except ValueError as problem:
            form.add_error("file", str(problem).capitalize())
        else:
            report(request, result)
            return redirect("office:runs")
    return render(request, "office/payments/returns.html", {"form": form}, status=422 if form.errors else 200)


def report(request, result):
    """What the return changed, in one message, and what it could not."""
    parts = [
        ngettext("%(n)d paiement exécuté", "%(n)d paiements exécutés", result.settled) % {"n": result.settled},
        ngettext("%(n)d rejeté", "%(n)d rejetés", result.rejected) % {"n": result.rejected},
        ngettext("%(n)d déjà connu", "%(n)d déjà connus", result.again) % {"n": result.again},
        ngettext("%(n)d en attente", "%(n)d en attente", result.pending) % {"n": result.pending},
    ]
    messages.success(request, ", ".join(parts) + ".")
    if result.unknown:
        shown = ", ".join(result.unknown[:10])
        messages.warning(
            request, _("Références qui ne sont pas à nous, laissées de côté : %(list)s.") % {"list": shown}
        )
