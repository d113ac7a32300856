from enum import StrEnum


class WebhookEvent(StrEnum):
    LIST_CHANGED = "list.changed"
    MARK_CHANGED = "mark.changed"
    RATING_CHANGED = "rating.changed"
    REVIEW_CHANGED = "review.changed"
    TEST = "test"
    WATCHLIST_CHANGED = "watchlist.changed"
    WATCH_ADDED = "watch.added"
    WATCH_CHANGED = "watch.changed"
    WATCH_DELETED = "watch.deleted"

    def __str__(self) -> str:
        return str(self.value)
