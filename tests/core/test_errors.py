"""What goes wrong is noted where whoever runs the server reads it, as the error page says."""

import io
import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path


@login_not_required
def broken(_request):
    raise ArithmeticError("the sum is wrong")


urlpatterns = [path("cassé/", broken), path("", include("terreau.config.urls"))]


@pytest.mark.urls(__name__)
@pytest.mark.django_db
def test_an_error_is_written_with_its_trace_and_a_missing_page_is_not(client, monkeypatch):
    handler = next(one for one in logging.getLogger().handlers if one.get_name() == "errors")
    written = io.StringIO()
    monkeypatch.setattr(handler, "stream", written)
    client.raise_request_exception = False
    assert client.get("/absent/").status_code == 404
    assert not written.getvalue()
    assert client.get("/cassé/").status_code == 500
    assert "ArithmeticError: the sum is wrong" in written.getvalue()
