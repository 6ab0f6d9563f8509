"""What the office and the holder do alike with an agreement: read it, sign it, send a copy, ask for an amendment."""

from datetime import date

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.core.moves import Refused
from terreau.funding import actions, queries
from terreau.funding.models import Amendment, Instalment, Signature
from terreau.funding.queries import Verdict
from terreau.web.ui import downloads
from terreau.web.ui.agreements.forms import AmendmentForm, CodeForm, ContractForm, CopyForm
from terreau.web.ui.territory_picker import searching


def shown(agreement):
    """What both pages show of an agreement."""
    today = timezone.localdate()
    frozen = agreement.content or queries.agreement_content(agreement, number=agreement.number or "", on=today)
    return {
        "agreement": agreement,
        "text": frozen,
        "budget": queries.budget_of(agreement),
        "obligations": queries.obligations_of(agreement, today),
        "contract": queries.contract_of(agreement),
        "lacks_contract": queries.lacks_contract(agreement, today),
        "signatures": sides(agreement),
        "instalments": agreement.instalments.all(),
        "reports": [{"label": one["label"], "on": date.fromisoformat(one["on"])} for one in frozen["reports"]],
        "dues": [due(one) for one in frozen["schedule"]],
        "amendments": [described(amendment) for amendment in agreement.amendments.select_related("asked_by")],
    }


def due(one):
    """An instalment of the text, before the signature makes it one of the agreement."""
    words = Instalment.Condition(one["condition"]).label
    return {"condition": words, "on": date.fromisoformat(one["on"]), "cents": one["cents"]}


def sides(target):
    """Each party with its signature of the text in force, or None."""
    held = queries.current(target)
    return [(party, held.get(party.value)) for party in Signature.Party]


def described(amendment):
    return {
        "amendment": amendment,
        "differences": queries.differences(amendment.changes),
        "signatures": sides(amendment) if amendment.digest else [],
    }


def paper(target):
    """The PDF that was offered, else the draft as it stands; always a download."""
    if target.document is not None:
        with target.document.file.open("rb") as file:
            return downloads.pdf(file.read(), target.document.name.removesuffix(".pdf"))
    now = timezone.localtime()
    content = queries.agreement_content(target, number=target.number or "", on=now.date())
    return downloads.pdf(queries.pdf(content, now, is_draft=True), f"projet-{target.application.reference}")


def client_of(request):
    """Where the request came from, for the evidence."""
    agent = request.headers.get("User-Agent", "")[:300]
    return {"address": request.META.get("REMOTE_ADDR", ""), "agent": agent}


def done(form, act, *args, **words):
    """Whether the act was done; a refusal stands on the form, in words."""
    try:
        act(*args, **words)
    except (Refused, ValueError) as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def sign(request, target, party, back):
    """A code is sent, then typed: two forms on one page."""
    if "send" in request.POST:
        try:
            actions.send_code(target, by=request.user)
            messages.success(request, _("Un code est parti à %(email)s.") % {"email": request.user.email})
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(request.path)
    form = CodeForm(request.POST or None, initial={"signatory": str(request.user)})
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("signatory", "capacity")}
        found = []

        def act():
            figures, client = form.cleaned_data["code"], client_of(request)
            found.append(actions.sign_with_code(target, figures, party=party, client=client, by=request.user, **said))

        if done(form, act):
            if found[0] is not None:
                messages.success(request, _("Votre signature est enregistrée."))
                return redirect(back)
            form.add_error("code", _("Ce code n’est pas le bon. Au bout de cinq essais, demandez-en un autre."))
    return page(request, "ui/agreement/sign.html", target, form, back)


def copy(request, target, party, back):
    """A signed copy comes back: it signs at once, or waits for the office to read it."""
    form = CopyForm(request.POST or None, request.FILES or None, initial={"signatory": str(request.user)})
    if request.method == "POST" and form.is_valid():
        found = []

        def act():
            kept = form.cleaned_data
            said = {"party": party, "signatory": kept["signatory"], "capacity": kept["capacity"]}
            found.append(actions.deposit_copy(target, kept["file"], by=request.user, **said))

        if done(form, act):
            words = {
                True: _("C’est bien le texte proposé : la signature est enregistrée."),
                False: _("La copie est reçue. Une personne du bureau doit la lire avant qu’elle compte."),
            }
            messages.success(request, words[found[0] == Verdict.INTACT])
            return redirect(back)
    return page(request, "ui/agreement/copy.html", target, form, back)


def amend(request, agreement, back):
    form = AmendmentForm(request.POST or None, agreement=agreement)
    again = request.method == "POST" and searching(form)
    if request.method == "POST" and not again and form.is_valid():
        changes = form.changes()
        if done(form, actions.ask_amendment, agreement, by=request.user, **changes):
            messages.success(request, _("La demande d’avenant est enregistrée."))
            return redirect(back)
    return page(request, "ui/agreement/amend.html", agreement, form, back, failed=not again)


def contract(request, agreement, back):
    form = ContractForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        said = {name: kept[name] for name in ("signed_on", "signatory", "version")}
        if done(form, actions.record_contract, agreement, upload=kept["proof"], by=request.user, **said):
            messages.success(request, _("Le contrat d’engagement républicain est enregistré."))
            return redirect(back)
    return page(request, "ui/agreement/contract.html", agreement, form, back)


def page(request, template, target, form, back, *, failed=True):
    is_amendment = isinstance(target, Amendment)
    agreement = target.agreement if is_amendment else target
    context = {
        "target": target,
        "agreement": agreement,
        "amendment": target if is_amendment else None,
        "differences": queries.differences(target.changes) if is_amendment else [],
        "form": form,
        "back": back,
    }
    status = 422 if request.method == "POST" and failed else 200
    return render(request, template, context, status=status)
