"""Where the organisation of a selected file is paid."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terreau.funding.actions.bank_accounts import enter_account
from terreau.funding.forms import ProvenAccountForm
from terreau.funding.queries import payments as queries
from terreau.projects import actions
from terreau.projects.lifecycle import State
from terreau.web.applicant.views.page import load

PROOF = "bank"  # the document's key


@require_http_methods(["GET", "POST"])
def bank(request, reference):
    application = load(request, reference, "funding.enter_account")
    account = queries.account_in_force(application.holder_id)
    form = ProvenAccountForm(
        request.POST or None, request.FILES or None, initial={"holder_name": application.holder.name}
    )
    if form.is_valid() and keep(request, application, form):
        messages.success(request, _("Votre compte est enregistré. Le financeur le vérifie avant de payer."))
        return redirect("applicant:bank", reference)
    context = {
        "application": application,
        "account": account,
        "refused": None if account else queries.last_refused(application.holder_id),
        "form": form,
    }
    return render(request, "applicant/bank.html", context, status=422 if form.errors else 200)


@transaction.atomic
def keep(request, application, form):
    """The proof and the account together, or neither; what is wrong is told at its field."""
    typed = form.cleaned_data
    try:
        proof = actions.add_document(application, PROOF, typed.pop("proof"), by=request.user, within={State.SELECTED})
    except ValueError as problem:
        form.add_error("proof", str(problem))
        return False
    enter_account(application.holder, **typed, proof=proof, by=request.user)
    return True
