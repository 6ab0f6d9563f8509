"""Views of the list kept under a name: keep, rename, delete."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.projects import actions
from terreau.web.office.gate import office_only
from terreau.web.office.views.files import canonical


@office_only
def views(request):
    """The person's views; a POST keeps the filters of the list under a name."""
    if request.method != "POST":
        return render(request, "office/views.html", {"views": request.user.saved_views.all()})
    query = canonical(QueryDict(request.POST.get("query", "")[:2000]))
    attempt(request, actions.save_view, name=request.POST.get("name", ""), query=query, done=_("Vue enregistrée."))
    return redirect(f"{reverse('office:files')}?{query}")


@office_only
@require_POST
def rename(request, pk):
    view = get_object_or_404(request.user.saved_views, pk=pk)
    attempt(request, actions.rename_view, view, name=request.POST.get("name", ""), done=_("Vue renommée."))
    return redirect("office:views")


@office_only
@require_POST
def delete(request, pk):
    view = get_object_or_404(request.user.saved_views, pk=pk)
    actions.delete_view(view, by=request.user)
    messages.success(request, _("La vue « %(name)s » est supprimée.") % {"name": view.name})
    return redirect("office:views")


def attempt(request, action, *args, done, **values):
    """Run an action and say how it went."""
    try:
        action(*args, **values, by=request.user)
    except ValueError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, done)
