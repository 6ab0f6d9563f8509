from django.urls import path

from terreau.web.member import views

app_name = "member"
urlpatterns = [
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("demandes/", views.requests, name="requests"),
]
