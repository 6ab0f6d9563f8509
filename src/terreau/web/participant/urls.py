"""The person accompanied by a project: /parcours/."""

from django.urls import path

from terreau.web.participant import views

app_name = "participant"
urlpatterns = [path("", views.home, name="home")]
