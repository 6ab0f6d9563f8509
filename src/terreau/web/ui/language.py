"""French unless the reader chose English: what a browser happens to say is no choice."""

from django.conf import settings
from django.utils import translation


class ChosenLanguage:
    """The language of the switch (a cookie); French before any choice."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        known = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(known):
            request.LANGUAGE_CODE = known
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", known)
        return response
