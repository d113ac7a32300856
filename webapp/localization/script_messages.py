"""Messages of the scripts in the language of the page, passed to them in an attribute."""

from __future__ import annotations

import json

from webapp.diary import request_diary
from webapp.localization.translation import gettext as _
from webapp.localization.translation import ngettext

MAX_STARS = 5
HALF = 0.5


def words() -> str:
    """Return all messages as JSON; scripts replace `{n}` with a number."""
    found = {
        "suggestion": ngettext("%(n)s suggestion", "%(n)s suggestions", 1, n="{n}"),
        "suggestions": ngettext("%(n)s suggestion", "%(n)s suggestions", 2, n="{n}"),
        "shown": _("%(n)s films shown", n="{n}"),
        "undo": _("Undo"),
        "undone": _("Undone."),
        "undoKey": _("Press U to undo."),
        "failed": _("The change was not saved. Check your connection and try again."),
        "familiar": _("%(share)s familiar", share="{n}%"),
        "stars": [request_diary.stars_text(half * HALF) for half in range(2 * MAX_STARS + 1)],
    }
    return json.dumps(found, ensure_ascii=False)
