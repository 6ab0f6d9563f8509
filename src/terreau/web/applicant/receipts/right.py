"""The structure's right to issue receipts: what it declares, and what that gives."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from terreau.core import files
from terreau.engagement.actions.entitlements import declare_right
from terreau.engagement.models import Entitlement
from terreau.engagement.queries import entitlements as queries
from terreau.web.applicant.receipts.forms import RightForm
from terreau.web.applicant.receipts.scope import structure_of


@require_http_methods(["GET", "POST"])
def right(request, pk):
    structure = structure_of(request, pk)
    found = queries.declared(structure)
    initial = {n: getattr(found, n) for n in RightForm.base_fields if n != "proof"} if found else {}
    form = RightForm(
        request.POST or None,
        request.FILES or None,
        initial={"basis": Entitlement.Basis.NONE} | initial,
        has_proof=bool(found and found.proof),
    )
    if form.is_valid() and kept(request, structure, form):
        messages.success(request, _("Votre déclaration est enregistrée."))
        return redirect("applicant:receipts-right", structure.pk)
    today = timezone.localdate()
    context = {
        "structure": structure,
        "entitlement": found,
        "form": form,
        "holds": bool(queries.right(structure, found, today).holds),
        "obstacles": queries.obstacles(structure, found, today),
        "questions": queries.four_questions(structure, found, today),
    }
    return render(request, "applicant/receipts/right.html", context, status=422 if form.errors else 200)


def kept(request, structure, form):
    """The declaration and its proof together, or neither; a file that is no document is told at its field."""
    try:
        return declare_right(structure, **form.cleaned_data, by=request.user)
    except ValueError as problem:
        form.add_error("proof", str(problem))
        return None


@require_GET
def proof(request, pk):
    found = queries.declared(structure_of(request, pk))
    if not (found and found.proof):
        raise Http404
    return files.attachment(found.proof, name=found.proof_name, mime=found.proof_mime)
