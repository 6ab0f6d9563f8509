"""Files whose holder waits for an answer, the longest wait first."""

from django.core.paginator import Paginator
from django.shortcuts import render

from terreau.projects.queries import dashboard, listing
from terreau.web.office.gate import files_of, office_only


@office_only
def inbox(request):
    waiting = dashboard.messages_awaiting(listing.rows(files_of(request.user)))
    page = Paginator(waiting, 50).get_page(request.GET.get("page"))
    return render(request, "office/inbox.html", {"page": page})
