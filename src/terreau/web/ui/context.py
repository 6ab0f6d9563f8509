"""What every template may read."""

from django.conf import settings

THEMES = {"light", "dark"}


def site(request):
    chosen = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "theme": chosen if chosen in THEMES else "",
    }
