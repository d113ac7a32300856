"""The browser of a user, for the pages of the diary."""

from tests.webapp.user_browser import ada, join, services, site, visitor  # noqa: F401 - fixtures
