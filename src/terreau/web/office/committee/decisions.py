from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from terreau.accounts.models import Membership
from terreau.core.moves import Refused
from terreau.projects.models import Application
from terreau.selection import actions, queries
from terreau.selection.models import Decision
from terreau.web.office.committee.scope import file_or_404, visible, window_or_404
from terreau.web.office.committee.table import OUTCOMES, Cell, Filters, Typed, figure
from terreau.web.office.gate import office_only, require


@office_only
@require_GET
def file(request, pk, application):
    """The file under discussion: what the readers wrote, the delegates' opinions, the decision."""
    window = window_or_404(request, pk)
    found = file_or_404(request, window, application)
    return discussed(request, window, found)


def discussed(request, window, found, *, cell=None, status=200):
    held = queries.committee_of(window)
    decision = Decision.objects.filter(committee__window=window, application=found).order_by("-pk").first()
    context = {
        "window": window,
        "committee": held,
        "file": found,
        "cell": cell or cell_for(found, decision),
        "decision": decision,
        "reviews": queries.reviews_before_committee(found),
        "criteria": {c.key: c for c in queries.criteria_of(found)},
        "opinions": found.opinions.filter(rendered_at__isnull=False).select_related("delegate__user"),
        "recusals": found.recusals.select_related("member__user"),
        "members": queries.members(window),
        "outcomes": OUTCOMES,
        "writable": held.sealed_at is None and request.user.has_perm("selection.propose", held),
        "amounts": window.call.rules.amounts,
    }
    return render(request, "office/committee/file.html", context, status=status)


def cell_for(found, decision, **more):
    kept = (decision.outcome, figure(decision.amount_cents), decision.reason) if decision else ("", "", "")
    return Cell(found.pk, found.reference, found.requested_cents or 0, *kept, **more)


@office_only
@require_POST
def decide(request, pk, application):
    window = window_or_404(request, pk)
    require(request, "selection.propose", queries.committee_of(window))
    found = file_or_404(request, window, application)
    typed = Typed.read(request.POST)
    try:
        decision = write(actions.convene(window, by=request.user), found, typed, by=request.user)
    except (ValueError, Refused) as refusal:
        cell = Cell(found.pk, found.reference, found.requested_cents or 0, typed.outcome, typed.amount, typed.reason)
        return answer(request, window, found, cell=error_in(cell, refusal), status=422)
    return answer(request, window, found, cell=cell_for(found, decision, saved=True))


def error_in(cell, refusal):
    return Cell(**{**vars(cell), "error": str(refusal)})


def write(committee, found, typed, *, by):
    """Propose what was typed; nothing chosen takes the proposal back."""
    if not typed.outcome:
        actions.withdraw_proposal(committee, found, by=by)
        return None
    return actions.propose(
        committee,
        found,
        typed.outcome,
        amount_cents=typed.amount_cents,
        reason=typed.reason,
        votes=typed.votes,
        by=by,
    )


def answer(request, window, found, *, cell, status=200):
    """The cell alone to htmx; otherwise back to the list, or the file with its error."""
    if request.htmx:
        context = {"cell": cell, "window": window, "outcomes": OUTCOMES, "writable": True}
        response = render(request, "office/committee/decision.html", context)
        if status == 200:
            response["HX-Trigger"] = "envelope-changed"
        return response
    if status != 200:
        return discussed(request, window, found, cell=cell, status=status)
    messages.success(request, _("La proposition pour %(reference)s est enregistrée.") % {"reference": found.reference})
    return redirect("office:committee", window.pk)


@office_only
@require_POST
def batch(request, pk):
    """One decision for the ticked files, or for every file that the filters keep."""
    window = window_or_404(request, pk)
    require(request, "selection.propose", queries.committee_of(window))
    filters = Filters.read(request.POST)
    _everything, rows, _hidden = visible(request, window)
    ticked = set(request.POST.getlist("files"))
    chosen = filters.apply(rows) if "all" in request.POST else [r for r in rows if str(r.application_id) in ticked]
    typed = Typed.read(request.POST)
    if not typed.outcome:
        messages.warning(request, _("Choisissez une décision pour le lot."))
        chosen = []
    done, refusals = 0, []
    committee = actions.convene(window, by=request.user)
    files = Application.objects.select_related("version", "call").in_bulk([row.application_id for row in chosen])
    for row in chosen:
        try:
            write(committee, files[row.application_id], typed, by=request.user)
            done += 1
        except (ValueError, Refused) as refusal:
            refusals.append(f"{row.reference} : {refusal}")
    tell(request, done, refusals)
    return HttpResponseRedirect(f"{reverse('office:committee', args=[pk])}?{filters.query()}")


def tell(request, done, refusals):
    if not done and not refusals and "outcome" in request.POST and request.POST["outcome"]:
        messages.warning(request, _("Cochez au moins un dossier."))
    if done:
        words = ngettext("%(count)d proposition enregistrée.", "%(count)d propositions enregistrées.", done)
        messages.success(request, words % {"count": done})
    for refusal in refusals[:5]:
        messages.error(request, refusal)
    if len(refusals) > 5:
        messages.error(request, _("Et %(count)d autres refus.") % {"count": len(refusals) - 5})


@office_only
@require_POST
def recuse(request, pk, application):
    """Write down that a member leaves the room for this file."""
    window = window_or_404(request, pk)
    require(request, "selection.propose", queries.committee_of(window))
    found = file_or_404(request, window, application)
    member = get_object_or_404(Membership.objects.filter(pk__in=queries.members(window)), pk=request.POST.get("member"))
    committee = actions.convene(window, by=request.user)
    actions.recuse_member(committee, found, member, request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("Le déport de %(name)s est noté.") % {"name": member.user})
    if member.user_id == request.user.pk:
        return redirect("office:committee", window.pk)
    return redirect("office:committee-file", window.pk, found.pk)
