"""All pages of the site, by endpoint, and the other endpoints that answer GET."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SitePage:
    """A page: its path with names of `FullSite.parts`, and who visits it (nobody: a visitor)."""

    path: str
    by: str = "Ada"
    status: int = 200


def _visitor(path: str, status: int = 200) -> SitePage:
    return SitePage(path, "", status)


def _office(path: str) -> SitePage:
    return SitePage(path, "Grace")


PAGES = {
    # Honest recommendations
    "recommendations.for_you": SitePage("/for-you"),
    "recommendations.profile": SitePage("/profile"),
    "recommendations.swipe": SitePage("/swipe"),
    "recommendations.welcome": SitePage("/welcome"),
    "recommendations.welcome_movies": SitePage("/welcome/movies"),
    # Movie pages
    "pages.movie": SitePage("/movies/19-metropolis"),
    "pages.person": SitePage("/people/Fritz%20Lang"),
    "pages.genre": SitePage("/genres/Drama"),
    "pages.year": SitePage("/years/1994"),
    # Finding
    "pages.home": SitePage("/"),
    "pages.search": SitePage("/search?q=robot"),
    "pages.browse": SitePage("/browse"),
    "pages.about": SitePage("/about"),
    "trending.trending": SitePage("/trending"),
    "ask.ask": SitePage("/ask?q=Who+builds+a+robot%3F"),
    # Diary, lists and people
    "diary.diary": SitePage("/diary"),
    "diary.year": SitePage("/diary/2026"),
    "diary.month": SitePage("/diary/months/2026-03"),
    "diary.choose": SitePage("/diary/log?q=the"),
    "diary.edit_watch": SitePage("/diary/watchings/{watch}"),
    "diary.ratings": SitePage("/ratings"),
    "diary.watchlist": SitePage("/watchlist"),
    "lists.mine": SitePage("/lists"),
    "lists.show": SitePage("/lists/{list}-rainy-sundays"),
    "lists.settings": SitePage("/lists/{list}/settings"),
    "lists.together_page": SitePage("/lists/{list}/together"),
    "lists.invitation": SitePage("/lists/join?secret={invitation}"),
    "social.profile": SitePage("/users/Wilma"),
    "social.activity": SitePage("/activity"),
    "social.connections": SitePage("/connections?show=requests"),
    "social.review": SitePage("/reviews/{review}"),
    "social.report_form": SitePage("/report?kind=review&subject={review}"),
    "imports.form": SitePage("/import"),
    "imports.preview": SitePage("/import/{draft}"),
    "imports.line": SitePage("/import/{draft}/lines/{line}"),
    "apps.show": SitePage("/account/apps"),
    "apps.log": SitePage("/account/apps/webhooks/{webhook}"),
    # Accounts
    "accounts.account": SitePage("/account"),
    "accounts.address": SitePage("/account/email"),
    "accounts.confirm_address": SitePage("/account/email/confirm?secret=x"),
    "accounts.second_factor": SitePage("/account/second-factor"),
    "accounts.deleted": _visitor("/account/deleted"),
    "accounts.sign_in": _visitor("/sign-in"),
    "accounts.sign_up": _visitor("/sign-up"),
    "accounts.forgot": _visitor("/forgot-password"),
    "accounts.reset": _visitor("/reset-password?secret={secret}"),
    "accounts.prove": SitePage("/sign-in/second-factor", "Otto"),
    # Developers and operators
    "description.docs": _visitor("/api/docs"),
    "app_files.offline": _visitor("/offline"),
    "admin.overview": _office("/admin"),
    "admin.activity": _office("/admin/activity"),
    "admin.audit": _office("/admin/audit"),
    "admin.data": _office("/admin/data"),
    "admin.experiments": _office("/admin/experiments"),
    "admin.jobs": _office("/admin/jobs"),
    "admin.job": _office("/admin/jobs/retrain"),
    "admin.metrics": _office("/admin/metrics"),
    "admin.models": _office("/admin/models"),
    "admin.model": _office("/admin/models/{newest}"),
    "admin.compare": _office("/admin/models/compare?first={current}&second={newest}"),
    "admin.movies": _office("/admin/movies?q=metropolis"),
    "admin.movie": _office("/admin/movies/19"),
    "admin.reports": _office("/admin/reports"),
    "admin.run": _office("/admin/runs/{run}"),
    "admin.searches": _office("/admin/searches"),
    "admin.training": _office("/admin/training"),
    "admin.trending": _office("/admin/trending"),
    "admin.understanding": _office("/admin/understanding"),
    "admin.labelled": _office("/admin/understanding/1"),
    "admin.users": _office("/admin/users"),
    "admin.preview": _office("/admin/users/Ada/recommendations"),
}
"""The page of each endpoint."""
MORE = {
    "visitor-home": _visitor("/"),
    "visitor-movie": _visitor("/movies/19-metropolis"),
    "visitor-trending": _visitor("/trending?window=rising"),
    "filtered": SitePage("/search?genre=Drama&genre=Crime&year_from=1990&year_to=1999"),
    "nothing-found": SitePage("/search?q=xyzzyqwv"),
    "for-you-filtered": SitePage("/for-you?genre=Drama&length=long"),
    "new-home": SitePage("/", "Greta"),
    "new-for-you": SitePage("/for-you", "Greta"),
    "new-diary": SitePage("/diary", "Greta"),
    "new-watchlist": SitePage("/watchlist", "Greta"),
    "new-lists": SitePage("/lists", "Greta"),
    "new-activity": SitePage("/activity", "Greta"),
    "new-profile": SitePage("/profile", "Greta"),
    "missing": _visitor("/movies/999999999", 404),
    "invalid": _visitor("/search?page=x", 400),
}
"""Pages in other states: for visitors and new users, filtered, empty, and errors."""
NO_PAGE = {
    "accounts.export": "a file",
    "accounts.export_letterboxd": "a file",
    "aliases.movie": "leads to a page",
    "aliases.rate": "leads to a page",
    "aliases.recommend": "leads to a page",
    "app_files.manifest": "a file",
    "app_files.service_worker": "a script",
    "feeds.trending_feed": "a feed",
    "former_urls.recommendations_welcome_movies": "leads to a page",
    "health.live": "a probe",
    "health.ready": "a probe",
    "bundles.bundle": "files",
    "lists.feed": "a feed",
    "lists.show_number": "leads to a page",
    "pages.further_rows": "a part of the home page",
    "pages.suggest": "data",
    "posters.card": "a picture",
    "posters.poster": "a picture",
    "posters.tile": "a picture",
    "recommendations.why": "a part of a page",
    "sitemap.index": "a file",
    "sitemap.part": "a file",
    "sitemap.robots": "a file",
    "static": "files",
    "well_known.security": "a file",
}
"""Endpoints that answer GET with something other than a page."""
