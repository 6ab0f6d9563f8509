"""Who reads what: /bureau/jury/."""

from django.urls import path

from terreau.web.office.reviewers import distribution, profiles, views

urlpatterns = [
    path("", views.assignments, name="assignments"),
    path("<int:pk>/", views.reviewers, name="reviewers"),
    path("<int:pk>/repartition/", distribution.distribution, name="reviewers-distribution"),
    path("profils/<int:pk>/", profiles.profile, name="reviewers-profile"),
    path("<int:pk>/confier/", views.assign, name="reviewers-assign"),
    path("<int:pk>/relance/", views.remind, name="reviewers-remind"),
    path("dossiers/<int:pk>/", views.file, name="reviewers-file"),
]
