import json
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.calls import rulebook
from terreau.core.moves import WrongMoment
from terreau.projects import actions, queries
from terreau.projects.models import Revision
from terreau.web.applicant.course import Course, decisive
from terreau.web.applicant.forms import TYPED, AnswerForm, read
from terreau.web.applicant.views import budget, documents, partners
from terreau.web.applicant.views.page import UNSAVED, base, clock, frame, load, session_ended, unsaved

TABLES = {"budget": budget.step, "partners": partners.step, "documents": documents.step}
LARGEST_UNSAVED = 200_000  # characters


@login_not_required
def step(request, reference, key):
    if not request.user.is_authenticated:
        return keep_and_sign_in(request)
    application = load(request, reference, "projects.write" if request.method == "POST" else "projects.view")
    course = Course(application)
    if key not in course.steps:
        raise Http404
    if key == "review":
        return redirect("applicant:review", reference)
    view = TABLES.get(key, questions)
    try:
        return view(request, course, key)
    except WrongMoment:
        messages.error(request, _("Ce dossier n’est plus modifiable."))
        return redirect("applicant:file", reference)


def keep_and_sign_in(request):
    """The session ended while somebody wrote: what they posted waits for them in the new one."""
    if request.method == "POST":
        posted = {k: v for k, v in request.POST.lists() if k != "csrfmiddlewaretoken"}
        if sum(len(text) for values in posted.values() for text in values) <= LARGEST_UNSAVED:
            request.session[UNSAVED] = {"path": request.path, "posted": posted}
    messages.warning(request, _("Votre session a expiré. Connectez-vous : ce que vous aviez écrit vous attend."))
    answer = redirect_to_login(request.path)
    return HttpResponse(status=401, headers={"HX-Redirect": answer.url}) if request.htmx else answer


def questions(request, course, key):
    this = course.steps[key]
    if request.method == "POST":
        return save_step(request, course, this)
    typed = given_back(request, this)
    items = items_of(request, course, this, typed=typed)
    context = frame(request, course, key) | {"step": this, "items": items, "given_back": bool(typed)}
    return render(request, "applicant/questions.html", context)


def given_back(request, this):
    """What was typed when the session ended, as values of this page's questions."""
    posted = unsaved(request)
    return {q.key: read(q, posted) for q in this.questions if f"base-{q.key}" in posted} if posted else {}


def items_of(request, course, this, typed=None):
    """Each question with its field and what a script needs to save it alone."""
    form = AnswerForm(this.questions, course.held, strict="verifier" in request.GET, typed=typed, searched=request.GET)
    return [
        {
            "question": q,
            "field": form[q.key] if q.kind != "file" else None,
            "version": course.versions.get(q.key, 0),
            "document": course.held.get(q.key) if q.kind == "file" else None,
            "hidden": q.key not in this.shown,
            "trigger": "input delay:1200ms, change" if q.kind in TYPED else "change",
            "params": ",".join([*names(q), f"base-{q.key}", f"aside-{q.key}", "writer"]),
            "words": words(q, course.held.get(q.key)),
            "url": reverse("applicant:save", args=[course.application.reference, q.key]),
        }
        for q in this.questions
    ]


def names(question):
    return [f"{question.key}-{c.key}" for c in question.choices] if question.kind == "counts" else [question.key]


def words(question, value):
    if question.kind != "long_text" or not question.limit:
        return ""
    count = rulebook.count_words(value if isinstance(value, str) else "")
    return _("%(count)s mots sur %(limit)s") % {"count": count, "limit": question.limit}


def save_step(request, course, this):
    """Every question of the page that was in the form, in one go."""
    changes = {
        q.key: (read(q, request.POST), base(request.POST, q.key))
        for q in this.questions
        if f"base-{q.key}" in request.POST and q.kind != "file"
    }
    saved = actions.save_answers(
        course.application, changes, by=request.user, writer=request.POST.get("writer", "")[:16]
    )
    if any(one.status == "conflict" for one in saved):
        messages.warning(request, _("Quelqu’un a changé le même texte en même temps. Rien n’est perdu : choisissez."))
        return redirect("applicant:conflicts", course.application.reference)
    return redirect(after_saving(request, course, this))


def after_saving(request, course, this):
    """On to the next step, unless something here needs another look."""
    now = Course(course.application)
    shown = now.steps.get(this.key, this)
    here = request.path
    if searched := territories_searched(request, this):
        return f"{here}?{searched}#reponses"
    wrong = AnswerForm([q for q in shown.questions if q.key in shown.shown], now.held).errors
    messages.success(request, _("Enregistré à %(time)s.") % {"time": clock()})
    if wrong:
        return f"{here}#reponses"
    if {q.key for q in shown.questions} & (shown.shown - this.shown):
        messages.info(request, _("Vos réponses font apparaître de nouvelles questions."))
        return f"{here}#reponses"
    following = now.next_after(this.key) if request.POST.get("go") == "next" and this.key in now.steps else this.key
    return here.replace(f"/etape/{this.key}/", f"/etape/{following}/")


def territories_searched(request, this):
    """Without a script, the search button of territories sends the step: it is shown again with what was found."""
    names = [f"{q.key}-q" for q in this.questions if q.kind == "territory"]
    return urlencode({name: request.POST[name] for name in names if request.POST.get(name, "").strip()})


@require_POST
@login_not_required
def save(request, reference, key):
    """One answer, saved by a script while it is being typed."""
    if not request.user.is_authenticated:
        return session_ended()
    application = load(request, reference, "projects.write")
    rules = queries.rules_of(application)
    question = rulebook.all_questions(rules).get(key)
    if question is None or question.kind == "file":
        raise Http404
    value = read(question, request.POST)
    aside = request.POST.get(f"aside-{key}", "")
    if aside.isdecimal():
        mine = Revision.objects.filter(answer__application=application, answer__key=key, by=request.user)
        actions.save_aside(get_object_or_404(mine, pk=aside), value, by=request.user)
        saved = {"key": key, "status": "conflict", "base": base(request.POST, key), "revision": aside}
    else:
        writer = request.POST.get("writer", "")[:16]
        (saved,) = actions.save_answers(
            application, {key: (value, base(request.POST, key))}, by=request.user, writer=writer
        )
    return answer_saved(request, application, rules, question, value, saved)


def answer_saved(request, application, rules, question, value, saved):
    context = {
        "choose_url": reverse("applicant:conflicts", args=[application.reference]),
        "key": question.key,
        "saved": saved,
        "time": clock(),
        "words": words(question, value),
        "wrong": [] if rulebook.empty(value) or question.valid_if else rulebook.check_answer(question, value, {}),
    }
    response = render(request, "applicant/saved.html", context)
    if question.key in decisive(rules):
        response["HX-Trigger"] = what_shows(application)
    return response


def what_shows(application):
    """For a script: which questions are shown now."""
    course = Course(application)
    shown = set(course.asked.questions)
    every = {q.key: q.key in shown for step in course.steps.values() for q in step.questions}
    return json.dumps({"terreau:shown": every})
