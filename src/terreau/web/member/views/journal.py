"""For those who run the programme: the journal, and the messages that did not leave."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.accounts import queries
from terreau.accounts.forms import JournalForm
from terreau.core import mail
from terreau.core.models import Mail
from terreau.web.member.words import told


def journal(request):
    if not request.user.has_perm("accounts.read_journal"):
        raise Http404
    form = JournalForm(request.GET)
    form.fields["verb"].choices = [(v, told(v) if v else label) for v, label in form.fields["verb"].choices]
    wanted = {name: request.GET.get(name, "") for name in ("verb", "actor")}
    page = Paginator(queries.journal(**wanted), 50).get_page(request.GET.get("page"))
    lines = [(entry, told(entry.verb)) for entry in page]
    return render(request, "member/journal.html", {"form": form, "page": page, "lines": lines})


def post(request):
    if not request.user.has_perm("accounts.resolve_mail"):
        raise Http404
    page = Paginator(mail.in_trouble(), 50).get_page(request.GET.get("page"))
    return render(request, "member/post.html", {"page": page, "waiting": Mail.objects.filter(state="queued").count()})


@require_POST
def resolve(request, pk):
    if not request.user.has_perm("accounts.resolve_mail"):
        raise Http404
    found = get_object_or_404(Mail, pk=pk)
    act = mail.confirm if request.POST.get("act") == "confirm" else mail.retry
    if act(found, by=request.user):
        messages.success(request, _("C’est noté."))
    else:
        messages.warning(request, _("Ce message n’est plus en difficulté."))
    return redirect("member:post")
