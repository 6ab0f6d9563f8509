import pytest

from terreau.web.ui import maps


@pytest.fixture(autouse=True)
def france_not_drawn_yet():
    """The shapes of France are kept between requests: each test starts without them, so that queries are counted."""
    maps._france.cache_clear()  # noqa: SLF001 - the cache is the function's own
