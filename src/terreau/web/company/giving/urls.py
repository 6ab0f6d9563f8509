"""Gifts, receipts and the yearly statement of a firm: /entreprise/<pk>/dons/."""

from django.urls import path

from terreau.web.company.giving import gifts

urlpatterns = [
    path("", gifts.gifts, name="gifts"),
    path("declarer/", gifts.give, name="give"),
    path("<int:gift>/", gifts.gift, name="gift"),
    path("<int:gift>/corriger/", gifts.edit, name="gift-edit"),
    path("<int:gift>/retirer/", gifts.withdraw, name="gift-withdraw"),
    path("recus/<int:receipt>.pdf", gifts.receipt, name="receipt"),
]
