"""Profiles, follows, reviews, activities and reports in the database, on SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from core.diary.lists import ListDetails
from core.diary.watches import WatchEntry
from core.errors import InvalidRequest, NotFound
from core.social.activity import ActivityKind
from core.social.moderation import NewReport, ReportKind, ReportOutcome, ReportReason
from core.social.profiles import ConnectionKind, Follow, Person, ProfileSettings, Standing, Visibility
from core.social.reviews import ReviewSort
from core.types import MovieId
from core.users import User
from data.database import Stores
from tests.data.database.servers import MINUTE, NOW, sign_up

HEAT, ALIEN = MovieId(949), MovieId(348)
OPEN = ProfileSettings(visibility=Visibility.PUBLIC, ratings=True, diary=True, reviews=True, lists=True)


@pytest.fixture
def bob(stores: Stores) -> User:
    """A user who shares everything with everybody."""
    user = sign_up(stores, "Bob")
    stores.profiles.put(user.id, OPEN, at=NOW)
    return user


@pytest.fixture
def eve(stores: Stores) -> User:
    """A third user."""
    return sign_up(stores, "Eve")


def published(stores: Stores, user: User, note: str, *, movie: MovieId = HEAT, at: datetime = NOW) -> int:
    watch = stores.watches.log(user.id, WatchEntry(movie=movie, day=NOW.date(), stars=4.0, note=note), at=at)
    return stores.reviews.publish(user.id, watch.id, spoilers=False, at=at)


def texts(stores: Stores, reader: User | None, sort: ReviewSort = ReviewSort.NEWEST) -> list[str]:
    page = stores.reviews.page(HEAT, reader.id if reader else None, sort=sort, after=None, limit=10)
    return [one.text for one in page.reviews]


def test_a_profile_is_stored_as_given_and_off_without_a_row(stores: Stores, ann: User) -> None:
    assert stores.profiles.get(ann.id).settings == ProfileSettings()
    settings = replace(OPEN, bio="Hi", favourites=(HEAT, ALIEN), approve_followers=True)
    for wanted in (settings, ProfileSettings(), settings):
        stores.profiles.put(ann.id, wanted, at=NOW)
        assert stores.profiles.get(ann.id).settings == wanted


def test_follows_are_requested_accepted_and_removed(stores: Stores, ann: User, bob: User) -> None:
    stores.follows.follow(ann.id, bob.id, accepted=False, at=NOW)
    assert stores.follows.standing(ann.id, bob.id) == Standing(Follow.REQUESTED)
    assert stores.follows.count_requests(bob.id) == 1
    assert stores.follows.accept(bob.id, ann.id) is True
    assert stores.follows.accept(ann.id, bob.id) is False
    assert stores.follows.standing(ann.id, bob.id) == Standing(Follow.FOLLOWING)
    assert stores.follows.standing(bob.id, ann.id) == Standing()
    (follower,) = stores.follows.connections(bob.id, ConnectionKind.FOLLOWERS, limit=10)
    assert (follower.person, follower.at) == (Person(ann.id, "Ann"), NOW)
    assert stores.follows.connections(bob.id, ConnectionKind.FOLLOWERS, limit=10, before=NOW) == []
    stores.follows.remove(ann.id, bob.id)
    assert stores.follows.standing(ann.id, bob.id) == Standing()


def test_a_block_is_seen_from_both_sides_and_ends_follows_and_likes(stores: Stores, ann: User, bob: User) -> None:
    stores.follows.follow(ann.id, bob.id, accepted=True, at=NOW)
    review = published(stores, bob, "Good")
    stores.reviews.like(ann.id, review, on=True, at=NOW)
    made = stores.lists.create(bob.id, ListDetails(name="Rainy", public=True), at=NOW)
    assert stores.lists.shared(made, ann.id)
    stores.follows.block(bob.id, ann.id, at=NOW)
    assert stores.follows.standing(ann.id, bob.id) == stores.follows.standing(bob.id, ann.id) == Standing(blocked=True)
    assert stores.reviews.get(review, bob.id).likes == 0
    with pytest.raises(NotFound):
        stores.reviews.get(review, ann.id)
    assert (stores.lists.shared(made, ann.id), stores.lists.shared(made, None)) == (False, True)
    stores.follows.unblock(bob.id, ann.id)
    assert stores.follows.standing(ann.id, bob.id) == Standing()


def test_unknown_accounts_are_neither_followed_nor_blocked(stores: Stores, ann: User) -> None:
    for act in (
        lambda: stores.follows.follow(ann.id, ann.id + 1_000, accepted=True, at=NOW),  # type: ignore[arg-type]  # plain numbers
        lambda: stores.follows.block(ann.id, ann.id + 1_000, at=NOW),  # type: ignore[arg-type]
        lambda: stores.profiles.put(ann.id + 1_000, OPEN, at=NOW),  # type: ignore[arg-type]
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(
    ("settings", "readers"),
    [
        (OPEN, {"visitor", "follower", "other", "own"}),
        (replace(OPEN, visibility=Visibility.FOLLOWERS), {"follower", "own"}),
        (replace(OPEN, visibility=Visibility.PRIVATE), {"own"}),
        (replace(OPEN, reviews=False), {"own"}),
    ],
)
def test_reviews_are_read_by_those_to_whom_they_are_shown(
    stores: Stores, ann: User, bob: User, settings: ProfileSettings, readers: set[str]
) -> None:
    eve = sign_up(stores, "Eve")
    stores.follows.follow(ann.id, bob.id, accepted=True, at=NOW)
    stores.follows.follow(eve.id, bob.id, accepted=False, at=NOW)
    stores.profiles.put(bob.id, settings, at=NOW)
    published(stores, bob, "Good")
    found = {"visitor": texts(stores, None), "follower": texts(stores, ann), "other": texts(stores, eve)}
    found["own"] = texts(stores, bob)
    assert {who for who, read in found.items() if read == ["Good"]} == readers


def test_stars_are_shown_only_with_ratings(stores: Stores, ann: User, bob: User) -> None:
    review = published(stores, bob, "Good")
    assert stores.reviews.get(review, ann.id).stars == 4.0
    stores.profiles.put(bob.id, replace(OPEN, ratings=False), at=NOW)
    assert (stores.reviews.get(review, ann.id).stars, stores.reviews.get(review, bob.id).stars) == (None, 4.0)


def test_a_review_of_a_movie_is_published_with_its_text_and_deleted_with_it(
    stores: Stores, ann: User, bob: User
) -> None:
    stores.diaries.review(bob.id, HEAT, "Good", at=NOW, spoilers=True)
    stores.diaries.review(bob.id, HEAT, "Better", at=NOW)
    own = stores.reviews.of_movie(bob.id, HEAT)
    assert own is not None
    assert (own.text, own.spoilers, own.published_at) == ("Better", False, NOW)
    assert (texts(stores, ann), texts(stores, bob)) == (["Better"], []), "the own one is in the form"
    stores.diaries.review(bob.id, HEAT, "", at=NOW)
    assert stores.reviews.of_movie(bob.id, HEAT) is None


@pytest.mark.parametrize("sort", list(ReviewSort))
def test_each_order_continues_after_the_last_review(stores: Stores, ann: User, bob: User, sort: ReviewSort) -> None:
    stores.follows.follow(ann.id, bob.id, accepted=True, at=NOW)
    writers = [sign_up(stores, f"Writer{number}") for number in range(5)]
    reviews = []
    for writer in writers:
        stores.profiles.put(writer.id, OPEN, at=NOW)
        reviews.append(published(stores, writer, writer.name))
    for number in (1, 3):
        stores.reviews.like(bob.id, reviews[number], on=True, at=NOW)
    for liker in writers[:2]:
        stores.reviews.like(liker.id, reviews[4], on=True, at=NOW)
    expected = {
        ReviewSort.NEWEST: [4, 3, 2, 1, 0],
        ReviewSort.LIKED: [4, 3, 1, 2, 0],
        ReviewSort.FRIENDS: [3, 1, 4, 2, 0],
    }
    seen, after = [], None
    for _ in range(3):
        page = stores.reviews.page(HEAT, ann.id, sort=sort, after=after, limit=2)
        seen += [one.id for one in page.reviews]
        after = page.next
    assert after is None
    assert seen == [reviews[number] for number in expected[sort]]


def test_likes_are_counted_once_and_forgotten_with_the_account(stores: Stores, ann: User, bob: User, eve: User) -> None:
    review = published(stores, bob, "Good")
    for user in (ann, ann, eve):
        stores.reviews.like(user.id, review, on=True, at=NOW)
    assert stores.reviews.get(review, ann.id).likes == 2
    stores.reviews.like(ann.id, review, on=False, at=NOW)
    stores.reviews.like(ann.id, review, on=False, at=NOW)
    found = stores.reviews.get(review, ann.id)
    assert (found.likes, found.liked) == (1, False)
    stores.accounts.delete(eve.id)
    assert stores.reviews.get(review, ann.id).likes == 0
    with pytest.raises(InvalidRequest):
        stores.reviews.like(bob.id, review, on=True, at=NOW)


def test_activities_are_complete_and_in_order_over_pages(stores: Stores, ann: User, bob: User, eve: User) -> None:
    stores.profiles.put(eve.id, OPEN, at=NOW)
    for friend in (bob, eve):
        stores.follows.follow(ann.id, friend.id, accepted=True, at=NOW)
        stores.diaries.rate(friend.id, {MovieId(movie): 3.0 for movie in range(1, 8)}, at=NOW)
        stores.watches.log(friend.id, WatchEntry(movie=HEAT, day=NOW.date(), stars=5.0), at=NOW + MINUTE)
        published(stores, friend, "Good", movie=ALIEN, at=NOW + 2 * MINUTE)
        stores.lists.create(friend.id, ListDetails(name="Rainy", public=True), at=NOW + 3 * MINUTE)
        stores.lists.create(friend.id, ListDetails(name="Private"), at=NOW + 4 * MINUTE)
    seen, after = [], None
    for _ in range(7):
        page = stores.friends.page(ann.id, after=after, limit=4)
        seen += [(one.kind, one.person.name, one.subject) for one in page.items]
        after = page.next
    assert after is None
    assert len(seen) == len(set(seen)) == 2 * (1 + 1 + 1 + 7)
    kinds = [kind for kind, *_ in seen]
    assert kinds == [ActivityKind.LISTED] * 2 + [ActivityKind.REVIEWED] * 2 + [ActivityKind.WATCHED] * 2 + (
        [ActivityKind.RATED] * 14
    )


def test_an_activity_has_its_details(stores: Stores, ann: User, bob: User) -> None:
    stores.follows.follow(ann.id, bob.id, accepted=True, at=NOW)
    published(stores, bob, "Good")
    (item,) = stores.friends.page(ann.id, after=None, limit=9).items
    assert (item.kind, item.movie, item.text, item.stars, item.at) == (ActivityKind.REVIEWED, HEAT, "Good", 4.0, NOW)
    stores.profiles.put(bob.id, replace(OPEN, ratings=False), at=NOW)
    assert stores.friends.page(ann.id, after=None, limit=9).items[0].stars is None


def test_the_opinions_of_friends_are_counted(stores: Stores, ann: User, bob: User, eve: User) -> None:
    assert stores.friends.opinions(ann.id, HEAT, limit=5).count == 0
    stores.profiles.put(eve.id, OPEN, at=NOW)
    for friend, stars in ((bob, 4.0), (eve, 1.5)):
        stores.follows.follow(ann.id, friend.id, accepted=True, at=NOW)
        stores.diaries.rate(friend.id, {HEAT: stars}, at=NOW)
    review = published(stores, bob, "Good")
    found = stores.friends.opinions(ann.id, HEAT, limit=5)
    assert (found.count, found.mean) == (2, 2.75)
    assert {(one.person.name, one.stars, one.review) for one in found.opinions} == {
        ("Bob", 4.0, review),
        ("Eve", 1.5, None),
    }
    assert len(stores.friends.opinions(ann.id, HEAT, limit=1).opinions) == 1


def test_the_numbers_of_a_profile(stores: Stores, ann: User, bob: User) -> None:
    stores.follows.follow(ann.id, bob.id, accepted=True, at=NOW)
    published(stores, bob, "Good")
    stores.diaries.rate(bob.id, {ALIEN: 1.5}, at=NOW)
    stores.lists.create(bob.id, ListDetails(name="Rainy", public=True), at=NOW)
    stores.lists.create(bob.id, ListDetails(name="Private"), at=NOW)
    found = stores.profiles.counts(bob.id)
    assert (found.watched, found.rated, found.reviews, found.lists) == (1, 2, 1, 1)
    assert (found.followers, found.following, dict(found.stars)) == (1, 0, {1.5: 1, 4.0: 1})
    (watch,) = stores.profiles.recent_watches(bob.id, limit=5)
    assert (watch.entry.movie, watch.entry.note) == (HEAT, "")
    assert [one.details.name for one in stores.lists.public_of(bob.id, limit=5)] == ["Rainy"]


def report(kind: ReportKind, owner: User, subject: int | None) -> NewReport:
    return NewReport(
        kind=kind, owner=Person(owner.id, owner.name), subject=subject, reason=ReportReason.SPAM, text="They sell"
    )


def test_reported_content_is_hidden_and_shown_again(stores: Stores, ann: User, bob: User) -> None:
    review = published(stores, bob, "Buy")
    made = stores.lists.create(bob.id, ListDetails(name="Shops", description="Many", public=True), at=NOW)
    contents = {ReportKind.PROFILE: "", ReportKind.REVIEW: "Buy", ReportKind.LIST: "Shops\nMany"}
    for kind, subject in ((ReportKind.PROFILE, None), (ReportKind.REVIEW, review), (ReportKind.LIST, made)):
        number = stores.reports.add(ann.id, report(kind, bob, subject), at=NOW)
        found = stores.reports.get(number)
        assert (found.content, found.hidden, found.reporter) == (contents[kind], False, Person(ann.id, "Ann"))
        stores.reports.hide(found, "spam", at=NOW)
        stores.reports.close(found, ReportOutcome.HIDDEN, at=NOW)
        closed = stores.reports.get(number)
        assert (closed.hidden, closed.outcome, closed.closed_at) == (True, ReportOutcome.HIDDEN, NOW)
    assert stores.profiles.get(bob.id).hidden == stores.lists.get(made).hidden == "spam"
    assert (texts(stores, ann), texts(stores, bob), stores.lists.shared(made, ann.id)) == ([], ["Buy"], False)
    for found in stores.reports.page(open_only=False, limit=9):
        stores.reports.hide(found, "", at=NOW)
    assert (texts(stores, ann), stores.lists.shared(made, ann.id), stores.profiles.get(bob.id).hidden) == (
        ["Buy"],
        True,
        "",
    )


def test_a_suspension_hides_everything_and_works_without_a_profile(
    stores: Stores, ann: User, bob: User, eve: User
) -> None:
    stores.follows.follow(ann.id, bob.id, accepted=True, at=NOW)
    published(stores, bob, "Buy")
    made = stores.lists.create(bob.id, ListDetails(name="Shops", public=True), at=NOW)
    for user in (bob, eve):
        stores.reports.suspend(user.id, "spam", at=NOW)
        assert stores.profiles.get(user.id).suspended == "spam"
    assert stores.profiles.get(eve.id).settings == ProfileSettings()
    assert texts(stores, ann) == []
    assert stores.friends.page(ann.id, after=None, limit=9).items == []
    assert not stores.lists.shared(made, None)
    stores.profiles.put(bob.id, OPEN, at=NOW)
    assert texts(stores, ann) == [], "the user cannot undo it"


def test_open_reports_of_the_same_content_are_closed_together(stores: Stores, ann: User, bob: User, eve: User) -> None:
    review = published(stores, bob, "Buy")
    first = stores.reports.add(ann.id, report(ReportKind.REVIEW, bob, review), at=NOW)
    stores.reports.add(eve.id, report(ReportKind.REVIEW, bob, review), at=NOW)
    other = stores.reports.add(ann.id, report(ReportKind.PROFILE, bob, None), at=NOW)
    assert stores.reports.count_open() == 3
    assert stores.reports.add(ann.id, report(ReportKind.PROFILE, bob, None), at=NOW) != other, "replaced"
    stores.reports.close(stores.reports.get(first), ReportOutcome.DISMISSED, at=NOW)
    assert [one.kind for one in stores.reports.page(open_only=True, limit=9)] == [ReportKind.PROFILE]
    closed = stores.reports.page(open_only=False, limit=9)
    assert stores.reports.page(open_only=False, limit=9, before=closed[0].id) == closed[1:]


def test_deleting_accounts_deletes_reports_about_them_and_the_words_of_those_they_sent(
    stores: Stores, ann: User, bob: User
) -> None:
    number = stores.reports.add(ann.id, report(ReportKind.PROFILE, bob, None), at=NOW)
    assert [one["text"] for one in stores.social_exports.of_user(ann.id)["reports_sent"]] == ["They sell"]
    stores.accounts.delete(ann.id)
    found = stores.reports.get(number)
    assert (found.reporter, found.text, found.reason) == (None, "", ReportReason.SPAM)
    stores.accounts.delete(bob.id)
    with pytest.raises(NotFound):
        stores.reports.get(number)


def test_the_export_names_the_users_on_both_sides(stores: Stores, ann: User, bob: User) -> None:
    stores.follows.follow(ann.id, bob.id, accepted=True, at=NOW)
    stores.follows.block(ann.id, sign_up(stores, "Eve").id, at=NOW + timedelta(days=1))
    mine, theirs = stores.social_exports.of_user(ann.id), stores.social_exports.of_user(bob.id)
    assert [one["name"] for one in mine["follows"]] == ["Bob"]
    assert [one["name"] for one in mine["blocks"]] == ["Eve"]
    assert ([one["name"] for one in theirs["followers"]], theirs["follows"]) == (["Ann"], [])
    assert (mine["profiles"], theirs["profiles"][0]["visibility"]) == ([], "public")
