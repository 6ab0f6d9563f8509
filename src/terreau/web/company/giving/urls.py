"""Gifts, receipts and the yearly statement of a firm: /entreprise/<pk>/dons/."""

from django.urls import path

from terreau.web.company.giving import exercises, gifts

urlpatterns = [
    path("", gifts.gifts, name="gifts"),
    path("declarer/", gifts.give, name="give"),
    path("<int:gift>/", gifts.gift, name="gift"),
    path("<int:gift>/corriger/", gifts.edit, name="gift-edit"),
    path("<int:gift>/retirer/", gifts.withdraw, name="gift-withdraw"),
    path("recus/<int:receipt>.pdf", gifts.receipt, name="receipt"),
    path("exercices/", exercises.statement, name="statement"),
    path("exercices/saisir/", exercises.type_one, name="exercise-new"),
    path("exercices/<int:exercise>/corriger/", exercises.edit, name="exercise-edit"),
    path("exercices/<int:exercise>/retirer/", exercises.remove, name="exercise-remove"),
    path("exercices/<int:exercise>.csv", exercises.as_csv, name="exercise-csv"),
]
