"""The browser of a user, for the question under lists."""

from tests.webapp.user_browser import ada, join, services, site  # noqa: F401 - fixtures
