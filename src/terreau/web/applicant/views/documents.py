from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from terreau.core import files
from terreau.core.moves import WrongMoment
from terreau.projects import actions
from terreau.web.applicant.forms import UploadForm
from terreau.web.applicant.views.page import frame, load

EXTRA = "other"  # a document that nobody asked for


def step(request, course, key):
    form = None
    if request.method == "POST":
        answered = upload(request, course)
        if not isinstance(answered, UploadForm):
            return answered
        form = answered
    context = frame(request, course, key) | {"wanted": wanted(course, form, request.POST.get("key", ""))}
    return render(request, "applicant/documents.html", context, status=422 if form else 200)


def wanted(course, failed=None, failed_key=""):
    """Each document asked for, each file question, then the others: with what was given and its own form."""
    asked = [(d.key, d.label, d.help, d.required) for d in course.asked.documents]
    asked += [(q.key, q.label, q.help, q.required) for q in course.asked.questions.values() if q.kind == "file"]
    asked.append((EXTRA, _("Autre document utile"), "", False))
    given = [d for d in course.file.documents.all() if d.removed_at is None]
    return [
        {
            "key": key,
            "label": label,
            "help": text,
            "required": required,
            "given": [d for d in given if d.key == key],
            "form": failed if failed and key == failed_key else UploadForm(auto_id=f"id_{key}_%s"),
        }
        for key, label, text, required in asked
    ]


def upload(request, course):
    """Keep the file and come back, or the form with what is wrong."""
    key = request.POST.get("key", "")
    form = UploadForm(request.POST, request.FILES, auto_id=f"id_{key}_%s")
    if not any(key == item["key"] for item in wanted(course)):
        form.add_error(None, _("Cette pièce n’est pas demandée."))
    if not form.is_valid():
        return form
    try:
        document = actions.add_document(course.application, key, form.cleaned_data["file"], by=request.user)
    except ValueError as problem:
        form.add_error("file", str(problem))
        return form
    messages.success(request, _("« %(name)s » est enregistré.") % {"name": document.name})
    return redirect(f"{request.path}#piece-{key}")


@require_GET
def download(request, reference, pk):
    application = load(request, reference)
    document = get_object_or_404(application.documents, pk=pk)
    return files.attachment(document.file, name=document.name, mime=document.mime)


@require_POST
def remove(request, reference, pk):
    application = load(request, reference, "projects.write")
    document = get_object_or_404(application.documents.filter(removed_at=None), pk=pk)
    try:
        actions.remove_document(document, by=request.user)
        messages.success(request, _("« %(name)s » est retiré.") % {"name": document.name})
    except WrongMoment:
        messages.error(request, _("Ce dossier n’est plus modifiable."))
    return redirect("applicant:step", reference, "documents")
