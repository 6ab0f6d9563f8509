"""The structure's register: gifts to deal with, receipts by year, the yearly return of article 222 bis."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from terreau.engagement.lifecycle import ReceiptState
from terreau.engagement.queries import entitlements, yearly
from terreau.engagement.queries import receipts as queries
from terreau.methods.giving.parameters import NotInForce
from terreau.projects.queries.sheets import csv_lines
from terreau.web.applicant.receipts.scope import structure_of
from terreau.web.ui.agreements.forms import date_field

PAGE = 50


@require_GET
def register(request, pk):
    structure = structure_of(request, pk)
    found = entitlements.declared(structure)
    waiting = [gift for gift in queries.gifts_of(structure) if not gift.in_force]
    context = {
        "structure": structure,
        "obstacles": entitlements.obstacles(structure, found, timezone.localdate()),
        "waiting": waiting,
        "page": Paginator(narrowed(request, structure), PAGE).get_page(request.GET.get("page")),
        "years": queries.years(structure),
        "states": ReceiptState.choices,
        "chosen": {name: request.GET.get(name, "") for name in ("year", "state", "text")},
        "yearly": yearly.declaration(structure, date(timezone.localdate().year, 12, 31)),
    }
    return render(request, "applicant/receipts/register.html", context)


def narrowed(request, structure):
    chosen = {name: request.GET.get(name, "") for name in ("year", "state", "text")}
    return queries.narrowed(queries.register(structure), **chosen)


@require_GET
def as_csv(request, pk):
    structure = structure_of(request, pk)
    response = StreamingHttpResponse(csv_lines(rows(narrowed(request, structure))), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="registre-{structure.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def rows(receipts):
    """What is filtered, voided receipts included, oldest first as a stub reads."""
    yield ["numero", "etat", "delivre_le", "donateur", "siren", "don_le", "nature", "montant", "contrepartie",
           "remplace", "annule_le", "motif", "empreinte"]  # fmt: skip
    for one in receipts.order_by("year", "number"):
        gift = one.gift
        yield [
            str(one), one.get_state_display(), timezone.localtime(one.issued_at).date().isoformat(), gift.donor.name,
            gift.donor.siren, gift.given_on.isoformat(), gift.get_kind_display(), f"{one.cents / 100:.2f}",
            f"{gift.return_cents / 100:.2f}", str(one.replaces or ""),
            timezone.localtime(one.voided_at).date().isoformat() if one.voided_at else "", one.void_reason, one.digest,
        ]  # fmt: skip


@require_GET
def declaration(request, pk):
    """The two figures of article 222 bis for the year that the structure names by its closing."""
    structure = structure_of(request, pk)
    last = date(timezone.localdate().year - 1, 12, 31)
    field = date_field(_("Clôture de l’exercice"), required=False)
    text = request.GET.get("cloture", "")
    closes_on, problem, found = last, "", None
    try:
        closes_on = field.clean(text) or last
        found = yearly.declaration(structure, closes_on)
    except NotInForce:
        problem = _("Cette obligation vaut pour les exercices clos à partir de 2021.")
    except ValidationError:
        problem = _("« %s » n’est pas une date.") % text
    context = {
        "structure": structure,
        "closes_on": closes_on,
        "text": text or closes_on.isoformat(),
        "problem": problem,
        "yearly": found,
    }
    return render(request, "applicant/receipts/declaration.html", context, status=422 if problem else 200)
