"""One's own account and organisations: /compte/."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

from terreau.web.member.views import access, account, journal, organisations

app_name = "member"
urlpatterns = [
    path("", account.account, name="account"),
    path("profil/", account.profile, name="profile"),
    path("donnees/", account.data, name="data"),
    path("donnees/export.json", account.export, name="export"),
    path("effacer/", account.erase, name="erase"),
    path("efface/", login_not_required(TemplateView.as_view(template_name="member/erased.html")), name="erased"),
    path("reprendre/", account.resume, name="resume"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/nouvelle/", organisations.new, name="organisation-new"),
    path("organisations/rejoindre/", organisations.ask, name="organisation-ask"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/corriger/", organisations.correct, name="organisation-correct"),
    path("organisations/<int:pk>/inviter/", organisations.invite, name="invite"),
    path("invitations/<int:pk>/annuler/", access.revoke, name="revoke"),
    path("invitation/<str:token>/", access.invitation, name="invitation"),
    path("acces/<int:pk>/fin/", access.leave, name="leave"),
    path("acces/<int:pk>/regions/", access.regions, name="regions"),
    path("demandes/", access.requests, name="requests"),
    path("demandes/<int:pk>/", access.answer, name="answer"),
    path("journal/", journal.journal, name="journal"),
    path("courrier/", journal.post, name="post"),
    path("courrier/<int:pk>/", journal.resolve, name="resolve"),
]
