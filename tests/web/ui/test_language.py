import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("cookie", "language"), [(None, "fr"), ("en", "en"), ("fr", "fr"), ("xx", "fr")])
def test_french_unless_english_was_chosen(client, cookie, language):
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    answer = client.get("/", headers={"accept-language": "en-US"})
    assert answer["Content-Language"] == language
    assert f'lang="{language}"' in answer.content.decode()
