"""The funder's clauses and payment schedule: written, tried on a real file, published."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from terreau.accounts.models import Organisation
from terreau.core import wording
from terreau.core.moves import Refused
from terreau.funding import actions, queries
from terreau.funding.models import Clause
from terreau.funding.rulebook import clauses as rules
from terreau.selection.queries.committee import funders_of
from terreau.web.office.agreements.forms import ClauseForm, TermsForm
from terreau.web.office.agreements.scope import agreements_of, clause_or_404
from terreau.web.office.gate import office_only, require
from terreau.web.ui.agreements.pages import done


def funder_or_404(request):
    """The funder that this person acts for."""
    if not request.user.has_perm("funding.see_clauses"):
        raise Http404
    return get_object_or_404(Organisation.objects.filter(pk__in=funders_of(request.user)).order_by("pk")[:1])


@office_only
@require_GET
def clauses(request):
    """Every version, the newest first under each title."""
    funder, today = funder_or_404(request), timezone.localdate()
    found = queries.clauses_for(request.user).order_by("position", "key", "-version")
    in_force = {clause.pk for clause in queries.clauses_in_force(funder, today)}
    context = {
        "funder": funder,
        "rows": [(clause, clause.pk in in_force, rules.CONDITIONS[clause.applies_to]) for clause in found],
        "drafts": [clause for clause in found if clause.published_at is None],
        "terms": queries.terms_in_force(funder, today),
        "writable": request.user.has_perm("funding.write_clauses"),
    }
    return render(request, "office/agreements/clauses.html", context)


@office_only
@require_POST
def seed(request):
    funder = funder_or_404(request)
    require(request, "funding.write_clauses")
    count = len(actions.seed_clauses(funder, by=request.user))
    words = ngettext("%(count)d clause à relire.", "%(count)d clauses à relire.", count) % {"count": count}
    messages.success(request, words)
    return redirect("office:clauses")


@office_only
@require_POST
def publish(request):
    """Those that were ticked, or all."""
    funder_or_404(request)
    require(request, "funding.write_clauses")
    drafts = queries.clauses_for(request.user).filter(published_at=None)
    if "all" not in request.POST:
        drafts = drafts.filter(pk__in=[key for key in request.POST.getlist("clauses") if key.isdecimal()])
    try:
        count = actions.publish_clauses(list(drafts), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("office:clauses")
    words = ngettext("%(count)d clause publiée.", "%(count)d clauses publiées.", count) % {"count": count}
    (messages.success if count else messages.warning)(request, words if count else _("Cochez au moins une clause."))
    return redirect("office:clauses")


@office_only
@require_POST
def revise(request, pk):
    found = clause_or_404(request, pk)
    require(request, "funding.write_clauses")
    return redirect("office:clause", actions.revise_clause(found, by=request.user).pk)


@office_only
@require_http_methods(["GET", "POST"])
def clause(request, pk):
    found = clause_or_404(request, pk)
    form = ClauseForm(request.POST or None, initial=vars(found))
    if request.method == "POST":
        require(request, "funding.write_clauses")
        keep = form.is_valid() and "preview" not in request.POST
        if keep and done(form, actions.write_clause, found, by=request.user, **form.cleaned_data):
            messages.success(request, _("La clause est enregistrée."))
            return redirect("office:clause", pk)
    body = form.cleaned_data.get("body", "") if form.is_bound and form.is_valid() else found.body
    sample = None if form.errors else sample_of(request.user)
    context = {
        "clause": found,
        "form": form,
        "fields": rules.FIELDS.items(),
        "sample": sample,
        "filled": filled(sample, body) if sample else "",
        "writable": found.published_at is None and request.user.has_perm("funding.write_clauses"),
        "may_revise": found.published_at is not None and request.user.has_perm("funding.write_clauses"),
        "versions": Clause.objects.filter(funder=found.funder_id, key=found.key).order_by("-version"),
    }
    return render(request, "office/agreements/clause.html", context, status=422 if form.errors else 200)


def sample_of(user):
    """A real agreement to try a clause on: the newest that this person sees."""
    related = ("application__call__funder", "holder__commune")
    return agreements_of(user).select_related(*related).prefetch_related("territories").order_by("-pk").first()


def filled(agreement, body):
    today = timezone.localdate()
    content = queries.agreement_content(agreement, number=agreement.number or "–", on=today)
    return wording.fill(body, queries.fields_of(content))


@office_only
@require_http_methods(["GET", "POST"])
def terms(request):
    funder = funder_or_404(request)
    require(request, "funding.write_clauses")
    known = queries.terms_in_force(funder, timezone.localdate())
    form = TermsForm(request.POST or None, terms=known)
    if (
        request.method == "POST"
        and form.is_valid()
        and done(form, actions.set_payment_terms, funder, by=request.user, **form.changes())
    ):
        messages.success(request, _("L’échéancier type est enregistré."))
        return redirect("office:clauses")
    status = 422 if request.method == "POST" else 200
    return render(request, "office/agreements/terms.html", {"funder": funder, "form": form}, status=status)
