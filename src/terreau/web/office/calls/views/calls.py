"""The list of calls, and the life of one: create, present, copy, open, close, put away."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from terreau.accounts.models import Organisation
from terreau.calls import actions, queries, rulebook
from terreau.calls.rules import WRITERS
from terreau.core.moves import WrongMoment
from terreau.web.office.calls.forms.parts import NewCallForm, PresentationForm
from terreau.web.office.calls.gate import call_or_404, editable, posted, preparers_only, require

MOVES = {
    "ouvrir": ("calls.open", actions.open_call),
    "clore": ("calls.close", actions.close_call),
    "archiver": ("calls.archive", actions.archive),
}


@preparers_only
def calls(request):
    return render(request, "office/calls/calls.html", {"calls": queries.office_list(request.user)})


@preparers_only
def new(request):
    """The first page of a call; the rules come after."""
    funders = Organisation.objects.filter(
        pk__in=[m.organisation_id for m in request.user.active_memberships if m.role in WRITERS]
    )
    form = NewCallForm(list(funders), posted(request))
    if request.method == "POST" and form.is_valid():
        call = actions.create_call(funder=form.chosen_funder(), rules=form.rules(), by=request.user, **form.values())
        messages.success(request, _("L’appel est créé. Écrivez maintenant ses règles."))
        return redirect("office:call", call.slug)
    return render(request, "office/calls/new.html", {"form": form}, status=422 if form.errors else 200)


@preparers_only
def call(request, slug):
    """One call: where it stands, its parts, what can be done now."""
    found = call_or_404(request, slug)
    rules = queries.rules_to_edit(found)
    context = {
        "call": found,
        "rules": rules,
        "preparation": queries.preparation(found),
        "problems": rulebook.problems(rules),
        "blocking": rulebook.blocking(rules),
        "changes": queries.pending_changes(found) if found.current else [],
        "moves": [name for name, (permission, _act) in MOVES.items() if request.user.has_perm(permission, found)],
        "writable": request.user.has_perm("calls.write", found),
    }
    return render(request, "office/calls/call.html", context)


@preparers_only
def present(request, slug):
    found = editable(request, slug)
    form = PresentationForm(posted(request), instance=call_or_404(request, slug))
    if request.method == "POST" and form.is_valid():
        actions.describe(found, by=request.user, **form.values())
        messages.success(request, _("La présentation est enregistrée."))
        return redirect("office:call", found.slug)
    context = {"call": found, "form": form, "title": _("Présentation")}
    return render(request, "office/calls/part.html", context, status=422 if form.errors else 200)


@preparers_only
def duplicate(request, slug):
    """A new call from this one, its dates moved by as many years as its edition."""
    found = call_or_404(request, slug)
    require(request, "calls.duplicate", found)
    year = found.edition + 1
    title = found.title.replace(str(found.edition), str(year))
    initial = {"title": title, "edition": year, "summary": found.summary, "slug": ""}
    form = PresentationForm(posted(request), initial=initial)
    del form.fields["summary"]
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("title", "slug", "edition")}
        copy = actions.duplicate(found, by=request.user, **values)
        messages.success(request, _("L’appel est copié, ses dates sont décalées : vérifiez-les avant de publier."))
        return redirect("office:call-items", copy.slug, "windows")
    windows = rulebook.shift_years(queries.rules_to_edit(found), 1, timezone.get_default_timezone()).windows
    context = {"call": found, "form": form, "windows": windows, "title": _("Copier pour une autre année")}
    return render(request, "office/calls/duplicate.html", context, status=422 if form.errors else 200)


@preparers_only
def move(request, slug, verb):
    """Open, close or put away, after a question."""
    found = call_or_404(request, slug)
    if verb not in MOVES:
        raise Http404
    permission, act = MOVES[verb]
    require(request, permission, found)
    if request.method == "POST":
        try:
            act(found, by=request.user)
        except (WrongMoment, actions.NotPublished) as problem:
            raise PermissionDenied from problem
        messages.success(request, _("L’appel est maintenant : %s.") % found.get_state_display())
        return redirect("office:call", found.slug)
    return render(request, "office/calls/confirm.html", {"call": found, **question_before(verb)})


def question_before(verb):
    return {
        "ouvrir": {
            "title": _("Ouvrir l’appel"),
            "text": _("Chacun pourra le lire et commencer un dossier. Les dépôts suivent les dates des périodes."),
            "action": _("Ouvrir l’appel"),
        },
        "clore": {
            "title": _("Clore l’appel"),
            "text": _(
                "Plus personne ne pourra commencer ni déposer un dossier. L’appel pourra être ouvert de nouveau."
            ),
            "action": _("Clore l’appel"),
            "danger": True,
        },
        "archiver": {
            "title": _("Archiver l’appel"),
            "text": _("Ses règles ne pourront plus changer. Cette décision ne peut pas être annulée."),
            "action": _("Archiver l’appel"),
            "danger": True,
        },
    }[verb]
