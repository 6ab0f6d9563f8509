"""What every template may read."""

from django.conf import settings


def site(_request):
    return {"site_name": settings.SITE_NAME, "demo": settings.DEMO}
