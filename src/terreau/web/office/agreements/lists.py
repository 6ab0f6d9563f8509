from django.core.paginator import Paginator
from django.db.models import Q, Sum
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from terreau.core import journal
from terreau.funding import queries
from terreau.funding.lifecycle import AgreementState
from terreau.web.office.agreements.scope import agreement_or_404, agreements_of
from terreau.web.office.gate import files_of, office_only
from terreau.web.ui.agreements import pages

PAGE = 50
AMENDED = "amendment"
TABS = [("", _("Toutes")), *AgreementState.choices, (AMENDED, _("avenant en cours"))]


WORDS = {
    "draft_agreement": _("Préparée"),
    "edit_agreement": _("Texte modifié"),
    "offer": _("Proposée à la signature"),
    "recall": _("Texte retiré"),
    "send_signing_code": _("Code de signature envoyé"),
    "deposit_copy": _("Copie signée reçue"),
    "set_copy_aside": _("Copie écartée"),
    "sign_for": _("Signature enregistrée"),
    "sign": _("Signée des deux parties"),
    "lapse": _("Caduque"),
    "terminate": _("Résiliée"),
    "close": _("Close"),
}


@office_only
@require_GET
def agreements(request):
    """By state and by words; above, the selected files that wait for one."""
    wanted, text = request.GET.get("etat", ""), request.GET.get("q", "").strip()
    found = agreements_of(request.user)
    if text:
        named = Q(number__icontains=text) | Q(application__title__icontains=text) | Q(holder__name__icontains=text)
        found = found.filter(named | Q(application__reference__icontains=text))
    if wanted == AMENDED:
        found = found.filter(open_amendment=True)
    elif wanted in AgreementState:
        found = found.filter(state=wanted)
    paginator = Paginator(found, PAGE)
    context = {
        "page": paginator.get_page(request.GET.get("page")),
        "granted": found.aggregate(cents=Sum("granted_cents"))["cents"],
        "tabs": TABS,
        "wanted": wanted,
        "text": text,
        "waiting": queries.awaiting_agreement(files_of(request.user)) if not (wanted or text) else [],
        "may_draft": request.user.has_perm("funding.draft_agreement"),
        "may_see_clauses": request.user.has_perm("funding.see_clauses"),
    }
    return render(request, "office/agreements/list.html", context)


@office_only
@require_GET
def agreement(request, pk):
    found = agreement_or_404(request, pk)
    context = pages.shown(found) | {
        "regime": found.get_aid_regime_display(),
        "group": queries.group_of(found),
        "aids": queries.aids_of(queries.group_of(found)) if found.aid_regime != "none" else (),
        "copies": queries.copies_to_read(found),
        "history": [(e.at, e.actor_label, WORDS[e.verb]) for e in journal.history(found) if e.verb in WORDS],
        "possible": possible(request, found),
        "open_amendment": queries.open_amendment(found),
    }
    return render(request, "office/agreements/agreement.html", context)


ACTS = (
    ("funding.edit_agreement", _("Modifier le texte"), "office:agreement-edit", ()),
    ("funding.offer", _("Proposer à la signature"), "office:agreement-act", ("offer",)),
    ("funding.sign_for_funder", _("Signer pour le financeur"), "office:agreement-sign", ()),
    ("funding.read_copies", _("Déposer une copie signée"), "office:agreement-copy", ()),
    ("funding.ask_amendment", _("Préparer un avenant"), "office:agreement-amend", ()),
    ("funding.record_contract", _("Saisir le contrat d’engagement républicain"), "office:agreement-contract", ()),
    ("funding.declare_aid", _("Saisir une aide de minimis"), "office:agreement-aids", ()),
    ("funding.recall", _("Retirer le texte proposé"), "office:agreement-act", ("recall",)),
    ("funding.lapse", _("Déclarer caduque"), "office:agreement-act", ("lapse",)),
    ("funding.terminate", _("Résilier"), "office:agreement-act", ("terminate",)),
)


def possible(request, agreement):
    """The acts allowed to this person at this moment: words and address."""
    asked = {"office:agreement-aids": agreement.aid_regime in {"de_minimis", "sgei"}}
    return [
        (label, reverse(name, args=[agreement.pk, *more]))
        for permission, label, name, more in ACTS
        if asked.get(name, True) and request.user.has_perm(permission, agreement)
    ]


@office_only
@require_GET
def paper(request, pk):
    return pages.paper(agreement_or_404(request, pk))
