"""Words for reasons, visibilities and activities in the language of the page."""

from __future__ import annotations

from core.social.moderation import ReportReason, reason_of
from core.social.profiles import ConnectionKind, Visibility
from core.social.reviews import ReviewSort
from webapp.localization.translation import gettext as _
from webapp.localization.translation import gettext_noop

REASONS = {
    ReportReason.SPAM: gettext_noop("Spam or advertising"),
    ReportReason.HARASSMENT: gettext_noop("Harassment or threats"),
    ReportReason.HATE: gettext_noop("Hate speech"),
    ReportReason.SEXUAL: gettext_noop("Sexual content"),
    ReportReason.SPOILERS: gettext_noop("Spoilers without a warning"),
    ReportReason.PERSONAL_DATA: gettext_noop("Personal data of somebody"),
    ReportReason.ILLEGAL: gettext_noop("Illegal content"),
    ReportReason.OTHER: gettext_noop("Something else"),
}
VISIBILITIES = {
    Visibility.PRIVATE: gettext_noop("Nobody"),
    Visibility.FOLLOWERS: gettext_noop("My followers"),
    Visibility.PUBLIC: gettext_noop("Everybody"),
}
SORTS = {
    ReviewSort.FRIENDS: gettext_noop("Liked by friends"),
    ReviewSort.LIKED: gettext_noop("Most liked"),
    ReviewSort.NEWEST: gettext_noop("Newest"),
}
CONNECTIONS = {
    ConnectionKind.FOLLOWING: gettext_noop("Following"),
    ConnectionKind.FOLLOWERS: gettext_noop("Followers"),
    ConnectionKind.REQUESTS: gettext_noop("Requests"),
    ConnectionKind.BLOCKED: gettext_noop("Blocked"),
}


def why_hidden(hidden: str) -> str:
    """Return why moderators hid something, for its owner."""
    reason, explanation = reason_of(hidden)
    return f"{_(REASONS[reason])}. {explanation}".strip(" .") if explanation else _(REASONS[reason])
