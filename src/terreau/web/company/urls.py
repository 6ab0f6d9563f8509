"""The firm that takes part, and its mentors: /entreprise/."""

from django.urls import path

from terreau.web.company import profile, views

app_name = "company"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/", views.overview, name="overview"),
    path("<int:pk>/profil/", profile.profile, name="profile"),
]
