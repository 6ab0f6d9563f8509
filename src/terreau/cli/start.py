"""Brings Django up for a command."""


def django_up() -> None:
    import django

    django.setup()
