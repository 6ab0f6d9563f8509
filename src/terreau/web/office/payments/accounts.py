from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.core import files
from terreau.core.moves import Refused
from terreau.funding.actions.bank_accounts import check_account, enter_account, refuse_account
from terreau.funding.forms import AccountForm
from terreau.funding.queries import payments as queries
from terreau.web.office.gate import require
from terreau.web.office.payments.forms import ReasonForm
from terreau.web.office.payments.scope import account_or_404, funder_or_404, money_only


@money_only
@require_http_methods(["GET", "POST"])
def accounts(request):
    """What is to be checked, and the account that the funder pays from."""
    funder = funder_or_404(request)
    form = AccountForm(initial={"holder_name": funder.name})
    if request.method == "POST":
        require(request, "funding.enter_funder_account")
        form = AccountForm(request.POST)
        if form.is_valid():
            enter_account(funder, **form.cleaned_data, by=request.user)
            messages.success(request, _("Le compte est enregistré. Une autre personne doit le vérifier."))
            return redirect("office:accounts")
    context = {
        "to_check": queries.accounts_to_check(request.user),
        "own": queries.account_in_force(funder),
        "form": form,
        "may_enter": request.user.has_perm("funding.enter_funder_account"),
    }
    return render(request, "office/payments/accounts.html", context, status=422 if form.errors else 200)


@money_only
@require_http_methods(["GET", "POST"])
def account(request, pk):
    """One account beside its proof: it is theirs, or it is set aside with the reason."""
    found = account_or_404(request, pk)
    form = ReasonForm()
    if request.method == "POST":
        require(request, "funding.check_account", found)
        form = ReasonForm(request.POST)
        try:
            if "refuse" not in request.POST:
                check_account(found, by=request.user)
                messages.success(request, _("Le compte est vérifié : il peut être payé."))
                return redirect("office:accounts")
            if form.is_valid():
                refuse_account(found, form.cleaned_data["reason"], by=request.user)
                messages.success(request, _("Le compte est écarté ; la structure est prévenue."))
                return redirect("office:accounts")
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("office:account", pk)
    may = request.user.has_perm("funding.check_account", found)
    context = {"account": found, "form": form, "may_check": may, "mine": found.entered_by_id == request.user.pk}
    return render(request, "office/payments/account.html", context, status=422 if form.errors else 200)


@money_only
@require_GET
def proof(request, pk):
    found = account_or_404(request, pk)
    if found.proof is None:
        raise Http404
    return files.attachment(found.proof.file, name=found.proof.name, mime=found.proof.mime)
