"""Shared pieces of page, available in every template without {% load %}."""

from django import template

from terreau.core import money

register = template.Library()
register.filter("euros", money.euros)
