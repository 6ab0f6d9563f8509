from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terreau.core.moves import Refused, WrongMoment
from terreau.funding.actions.instalments import hold
from terreau.funding.actions.payment_runs import prepare_run
from terreau.funding.queries import payments as queries
from terreau.web.office.gate import require
from terreau.web.office.payments.forms import PrepareForm, ReasonForm
from terreau.web.office.payments.scope import funder_or_404, money_only

PAGE = 200


@money_only
@require_http_methods(["GET", "POST"])
def due(request):
    """What is to be paid; those that are ticked make a run."""
    funder = funder_or_404(request)
    form = PrepareForm(initial={"executes_on": timezone.localdate()})
    if request.method == "POST":
        require(request, "funding.prepare_run")
        form = PrepareForm(request.POST)
        if form.is_valid() and (run := prepared(request, funder, form)):
            messages.success(request, _("L’ordre %(number)s est préparé.") % {"number": run.number})
            return redirect("office:run", run.pk)
    waiting = queries.due(request.user)
    context = {
        "page": Paginator(waiting, PAGE).get_page(request.GET.get("page")),
        "form": form,
        "ticked": set(request.POST.getlist("instalments")),
        "total": queries.total(waiting),
        "own": queries.account_in_force(funder),
        "to_check": queries.accounts_to_check(request.user).count(),
        "may_prepare": request.user.has_perm("funding.prepare_run"),
    }
    return render(request, "office/payments/due.html", context, status=422 if form.errors else 200)


def prepared(request, funder, form):
    """The run, or nothing and the reasons on the form."""
    ticked = [pk for pk in request.POST.getlist("instalments") if pk.isdecimal()]
    chosen = queries.due(request.user).filter(pk__in=ticked)
    if len(chosen) < len(set(ticked)):
        form.add_error(None, _("Un versement coché n’est plus à payer : relisez la liste."))
        return None
    try:
        return prepare_run(funder, chosen, executes_on=form.cleaned_data["executes_on"], by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            form.add_error(None, reason)
    return None


@money_only
@require_http_methods(["GET", "POST"])
def keep_back(request, pk):
    """Asked first, with the reason: this instalment is not paid for now."""
    instalment = get_object_or_404(queries.due(request.user), pk=pk)
    require(request, "funding.hold")
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            hold(instalment, reason=form.cleaned_data["reason"], by=request.user)
        except (WrongMoment, Refused, ValueError):
            messages.error(request, _("Ce versement n’est plus à payer."))
        else:
            messages.success(request, _("Le versement est retenu."))
        return redirect("office:payments")
    context = {
        "title": _("Retenir un versement"),
        "text": _("%(agreement)s, versement %(n)s : il redevient prévu, et peut être remis à payer plus tard.")
        % {"agreement": instalment.agreement, "n": instalment.number},
        "form": form,
        "action": _("Retenir"),
        "danger": True,
        "back": request.path.rsplit("versements/", 1)[0] + "versements/",
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)
