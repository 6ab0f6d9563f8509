from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.accounts import queries as people
from terreau.accounts.models import Organisation
from terreau.core.moves import Refused
from terreau.engagement.actions import basin as actions
from terreau.engagement.actions import proposals
from terreau.engagement.models import Proposal
from terreau.engagement.queries import basin as queries
from terreau.engagement.queries import words
from terreau.engagement.queries.matching import supported
from terreau.web.office.basin.forms import AcquaintanceForm, IntroduceForm, NoteForm
from terreau.web.office.basin.lists import said
from terreau.web.office.basin.scope import organisation_or_404, organisations_of, team_only
from terreau.web.office.gate import files_of, require


@team_only
def organisation(request, pk):
    return page(request, organisation_or_404(request, pk))


def page(request, found, **forms):
    """All that is known of one organisation; `forms` holds the one that came back with errors."""
    visible = projects_of(request.user)
    profile = getattr(found, "company_profile", None)
    is_firm = found.kind == Organisation.Kind.COMPANY
    context = {
        "organisation": found,
        "profile": profile,
        **said(profile, words.themes()),
        "members": people.members(found),
        "projects": files_of(request.user).filter(holder=found).order_by("-pk"),
        "commitments": queries.commitments_of(found).filter(application__in=files_of(request.user)),
        "acquaintances": queries.acquaintances(found),
        "notes": found.delegate_notes.select_related("author", "region"),
        "note_form": NoteForm(),
        "acquaintance_form": AcquaintanceForm(among=organisations_of(request.user)),
        "introduce_form": IntroduceForm(projects=visible) if is_firm else None,
    }
    failed = any(form.errors for form in forms.values())
    return render(request, "office/basin/organisation.html", context | forms, status=422 if failed else 200)


def projects_of(user):
    """The supported projects of one's régions, to which a firm may be introduced."""
    return supported().filter(pk__in=files_of(user).order_by().values("pk"))


@team_only
@require_POST
def note(request, pk):
    found, form = organisation_or_404(request, pk), NoteForm(request.POST)
    if not form.is_valid():
        return page(request, found, note_form=form)
    actions.add_note(found, found.commune.region, form.cleaned_data["text"], by=request.user)
    messages.success(request, _("Votre note est enregistrée."))
    return redirect("office:basin-organisation", pk)


@team_only
@require_POST
def acquaintance(request, pk):
    found = organisation_or_404(request, pk)
    form = AcquaintanceForm(request.POST, among=organisations_of(request.user))
    if form.is_valid() and done(form, actions.add_acquaintance, found, by=request.user):
        messages.success(request, _("C’est noté : elles se connaissent."))
        return redirect("office:basin-organisation", pk)
    return page(request, found, acquaintance_form=form)


@team_only
@require_POST
def introduce(request, pk):
    """The delegate brings a firm to a project: it is the only way to a firm that asked nothing."""
    found = organisation_or_404(request, pk)
    form = IntroduceForm(request.POST, projects=projects_of(request.user))
    if form.is_valid():
        project = form.cleaned_data["project"]
        require(request, "engagement.introduce", Proposal(application=project, company=found))
        try:
            proposals.introduce(project, found, email=form.cleaned_data["email"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("L’entreprise est prévenue : sa réponse viendra dans son espace."))
            return redirect("office:basin-organisation", pk)
    return page(request, found, introduce_form=form)


def done(form, action, found, *, by):
    """Do it; False, with the reason on the form, when it cannot be."""
    try:
        action(found, **form.cleaned_data, by=by)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True
