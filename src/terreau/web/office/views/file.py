"""A file on one page, and what the office may do with it now."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from terreau.core import files
from terreau.core.moves import WrongMoment
from terreau.funding.models import Agreement
from terreau.projects import actions, queries
from terreau.projects.lifecycle import State
from terreau.selection.lifecycle import ReviewState
from terreau.web.office import budget
from terreau.web.office.forms import MessageForm, ReasonForm, ShareForm
from terreau.web.office.gate import file_or_404, office_only, require


@office_only
def file(request, reference):
    found = file_or_404(request, reference)
    prefetch_related_objects([found], "territories")
    application = queries.loaded(found)
    lines = queries.budget_lines(application)
    context = {
        "file": application,
        "held": queries.content(application, by=None, at=timezone.now()),
        "budget": budget.table(lines),
        "places": list(application.territories.all()),
        "checks": queries.checks(application),
        "documents": [one for one in application.documents.all() if one.removed_at is None],
        "events": queries.history(application, for_holder=False),
        "requests": application.missing_requests.select_related("asked_by"),
        "opinions": application.opinions.select_related("delegate__user").prefetch_related("delegate__regions"),
        "reviews": readings(request, application),
        "submissions": verified(application),
        "possible": possible(request, application),
        "talk": application.messages.select_related("author"),
        "message_form": MessageForm() if request.user.has_perm("projects.message", application) else None,
    }
    return render(request, "office/file.html", context)


def readings(request, application):
    """The jury's readings, for those who sit; None for the others."""
    if not request.user.has_perm("selection.see_committee"):
        return None
    return application.reviews.exclude(state=ReviewState.RECUSED).select_related("juror__user")


def verified(application):
    """Each snapshot, and whether its digest is still that of its content."""
    return [(s, queries.digest(s.content) == s.digest) for s in application.submissions.select_related("by")]


def possible(request, application):
    """The acts allowed to this person at this moment: words and address."""
    asked = [
        ("projects.decide_admissibility", _("Vérifier la recevabilité"), "office:admissibility", ()),
        ("selection.give_opinion", _("Donner mon avis"), "office:opinion", ()),
        ("selection.assign", _("Confier à des juré·es"), "office:reviewers-file", None),
        ("projects.reconsider", _("Lever l’inéligibilité"), "office:act", ("reconsider",)),
        ("projects.reopen", _("Rouvrir au porteur"), "office:act", ("reopen",)),
        ("projects.share_with_regions", _("Partager avec des régions"), "office:act", ("share",)),
    ]
    found = [
        (label, reverse(name, args=[application.pk] if more is None else [application.reference, *more]))
        for permission, label, name, more in asked
        if request.user.has_perm(permission, application)
    ]
    if application.state == State.SELECTED and (agreement := Agreement.objects.filter(application=application).first()):
        found.append((_("Lire la convention"), reverse("office:agreement", args=[agreement.pk])))
    return found


ACTS = {
    "reopen": {
        "permission": "projects.reopen",
        "form": ReasonForm,
        "title": _("Rouvrir le dossier à son porteur ?"),
        "text": _("Il redevient un brouillon : le porteur peut tout modifier, puis devra le déposer de nouveau."),
        "action": _("Rouvrir"),
        "done": _("Le dossier est rouvert, le porteur est prévenu."),
        "danger": True,
    },
    "reconsider": {
        "permission": "projects.reconsider",
        "form": ReasonForm,
        "title": _("Lever l’inéligibilité ?"),
        "text": _("Le dossier revient parmi les dossiers à admettre."),
        "action": _("Lever l’inéligibilité"),
        "done": _("Le dossier est de nouveau à admettre."),
    },
    "share": {
        "permission": "projects.share_with_regions",
        "form": ShareForm,
        "title": _("Partager le dossier avec des régions"),
        "text": _("Un projet qui touche plusieurs régions est lu par chacune."),
        "action": _("Partager"),
        "done": _("Le partage est enregistré."),
    },
}


@office_only
def act(request, reference, verb):
    """Ask, then do: one page for each act that needs a word of explanation."""
    application = file_or_404(request, reference)
    words = ACTS.get(verb)
    if words is None:
        raise Http404
    require(request, words["permission"], application)
    initial = {"regions": application.regions.all()} if verb == "share" else {}
    form = words["form"](request.POST or (None if request.method == "GET" else {}), initial=initial)
    if request.method == "POST" and form.is_valid():
        perform(verb, application, form.cleaned_data, request.user)
        messages.success(request, words["done"])
        return redirect("office:file", reference)
    back = reverse("office:file", args=[reference])
    return render(request, "ui/confirm.html", {**words, "form": form, "back": back, "items": [str(application)]})


def perform(verb, application, said, user):
    try:
        if verb == "share":
            actions.share_with_regions(application, said["regions"], by=user)
        else:
            getattr(actions, verb)(application, reason=said["reason"], by=user)
    except WrongMoment:  # somebody else was faster
        raise Http404 from None


@office_only
def document(request, reference, pk):
    """A supporting document, always as a download."""
    application = file_or_404(request, reference)
    found = get_object_or_404(application.documents, pk=pk, removed_at=None)
    return files.attachment(found.file, name=found.name, mime=found.mime)


@office_only
def message(request, reference):
    """Write to the holder; htmx receives the conversation alone."""
    application = file_or_404(request, reference)
    require(request, "projects.message", application)
    form = MessageForm(request.POST)
    if form.is_valid():
        actions.write_message(application, form.cleaned_data["body"], by=request.user, from_office=True)
        form = MessageForm()
    if not request.htmx:
        return redirect(f"{reverse('office:file', args=[reference])}#talk")
    talk = application.messages.select_related("author")
    return render(request, "office/talk.html", {"file": application, "talk": talk, "message_form": form})
