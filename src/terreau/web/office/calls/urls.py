"""The builder of calls: /bureau/appels/, in the namespace of the office."""

from django.urls import path, re_path

from terreau.web.office.calls.views import calls, parts, publishing

ONE = "<slug:slug>"
FORM = r"^(?P<slug>[-\w]+)/regles/(?P<part>montants|eligibilite|listes)/$"
LIST = r"^(?P<slug>[-\w]+)/regles/(?P<part>windows|criteria|documents|sections)/"
QUESTION = r"^(?P<slug>[-\w]+)/regles/sections/(?P<section>[-\w]+)/(?P<part>questions)/"
KEY = r"(?P<key>[-\w]+)/"

urlpatterns = [
    path("", calls.calls, name="calls"),
    path("nouveau/", calls.new, name="call-new"),
    path(f"{ONE}/", calls.call, name="call"),
    path(f"{ONE}/presentation/", calls.present, name="call-present"),
    path(f"{ONE}/copier/", calls.duplicate, name="call-duplicate"),
    path(f"{ONE}/verifier/", publishing.check, name="call-check"),
    path(f"{ONE}/apercu/", publishing.preview, name="call-preview"),
    path(f"{ONE}/publier/", publishing.publish, name="call-publish"),
    path(f"{ONE}/abandonner/", publishing.discard, name="call-discard"),
    path(f"{ONE}/versions/", publishing.versions, name="call-versions"),
    path(f"{ONE}/etat/<slug:verb>/", calls.move, name="call-move"),
    re_path(FORM, parts.part, name="call-part"),
    re_path(f"{LIST}$", parts.items, name="call-items"),
    re_path(f"{LIST}ajouter/$", parts.item, name="call-item-new"),
    re_path(f"{LIST}modifier/{KEY}$", parts.item, name="call-item"),
    re_path(f"{LIST}deplacer/{KEY}$", parts.shift, name="call-item-shift"),
    re_path(f"{LIST}retirer/{KEY}$", parts.remove, name="call-item-remove"),
    re_path(f"{QUESTION}ajouter/$", parts.item, name="call-question-new"),
    re_path(f"{QUESTION}modifier/{KEY}$", parts.item, name="call-question"),
    re_path(f"{QUESTION}deplacer/{KEY}$", parts.shift, name="call-question-shift"),
    re_path(f"{QUESTION}retirer/{KEY}$", parts.remove, name="call-question-remove"),
]
