"""The notice about demo data, for pages and the API."""

from __future__ import annotations

from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

NOTICE = gettext_noop("Demo data: the other users of this site, their ratings and their visits are made up.")


def sentence() -> str:
    """Return the notice in the language of the page."""
    return _(NOTICE)
