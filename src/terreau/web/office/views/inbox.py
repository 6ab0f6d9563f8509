"""Files whose holder waits for an answer, the longest wait first."""

from django.core.paginator import Paginator
from django.shortcuts import render

from terreau.projects.queries import dashboard, for_office, listing
from terreau.web.office.gate import office_only


@office_only
def inbox(request):
    waiting = dashboard.messages_awaiting(listing.rows(for_office(request.user)))
    page = Paginator(waiting, 50).get_page(request.GET.get("page"))
    return render(request, "office/inbox.html", {"page": page})
