"""The jury: /jury/."""

from django.urls import path

from terreau.web.jury import profile, views

app_name = "jury"
urlpatterns = [
    path("", views.home, name="home"),
    path("profil/", profile.profile, name="profile"),
    path("dossiers/<int:pk>/", views.review, name="review"),
    path("dossiers/<int:pk>/rendre/", views.hand_in, name="hand-in"),
    path("dossiers/<int:pk>/deport/", views.recuse, name="recuse"),
    path("dossiers/<int:pk>/pieces/<int:document>/", views.document, name="document"),
]
