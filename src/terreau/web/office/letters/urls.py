"""Letters: /bureau/courriers/."""

from django.urls import path

from terreau.web.office.letters import outbox, reasons, templates

urlpatterns = [
    path("", outbox.calls, name="letters"),
    path("<int:pk>/", outbox.outbox, name="outbox"),
    path("<int:pk>/relues/", outbox.approve, name="outbox-approve"),
    path("<int:pk>/envoi/", outbox.post, name="outbox-post"),
    path("<int:pk>/modeles/", templates.templates, name="templates"),
    path("<int:pk>/modeles/<str:outcome>/", templates.template, name="template"),
    path("lettres/<int:pk>/", outbox.letter, name="letter"),
    path("lettres/<int:pk>/raisons/", reasons.reasons, name="letter-reasons"),
    path("lettres/<int:pk>/renvoi/", outbox.resend, name="letter-resend"),
    path("lettres/<int:pk>/arrivee/", outbox.arrived, name="letter-arrived"),
    path("lettres/<int:pk>/autrement/", outbox.otherwise, name="letter-otherwise"),
]
