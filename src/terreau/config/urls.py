"""Every address of the site: one line a space, closed by default."""

from django.urls import include, path

from terreau.web.member.views.home import home

urlpatterns = [
    path("", include("terreau.web.public.urls")),
    path("accueil/", home, name="home"),
    path("compte/", include("terreau.web.member.urls")),
    path("compte/", include("allauth.urls")),
    path("dossiers/", include("terreau.web.applicant.urls")),
    path("bureau/", include("terreau.web.office.urls")),
    path("jury/", include("terreau.web.jury.urls")),
    path("entreprise/", include("terreau.web.company.urls")),
    path("parcours/", include("terreau.web.participant.urls")),
    path("", include("terreau.web.ui.urls")),
]
