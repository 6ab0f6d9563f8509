"""The firm that takes part, and its mentors: /entreprise/."""

from django.urls import include, path

from terreau.web.company import profile, projects, views
from terreau.web.company.commitments import agenda

app_name = "company"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/", views.overview, name="overview"),
    path("<int:pk>/projets/", projects.projects, name="projects"),
    path("<int:pk>/projets/chercher/", projects.refresh, name="projects-refresh"),
    path("<int:pk>/projets/<int:proposal>/", projects.answer, name="projects-answer"),
    path("<int:pk>/profil/", profile.profile, name="profile"),
    path("<int:pk>/engagements/", include("terreau.web.company.commitments.urls")),
    path("<int:pk>/agenda/", agenda.agenda, name="agenda"),
    path("<int:pk>/agenda/adresse/", agenda.renew, name="agenda-renew"),
    path("agenda/<str:token>.ics", agenda.feed, name="agenda-feed"),
    path("<int:pk>/dons/", include("terreau.web.company.giving.urls")),
]
