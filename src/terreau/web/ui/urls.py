from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from terreau.web.ui import views

app_name = "ui"
urlpatterns = [
    path("langue/", login_not_required(set_language), name="language"),
    path("affichage/", views.theme, name="theme"),
    path("composants/", views.components, name="components"),
]
