"""What each metric means, which direction is better, and its target: for the overview and the page of metrics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """The direction in which a metric improves."""

    HIGHER = "higher is better"
    LOWER = "lower is better"
    BALANCED = "neither is better"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric; a target of None means that the trend counts."""

    key: str
    name: str
    unit: str
    """Empty for numbers without a unit; `%` for shares, which are stored from 0 to 1."""
    meaning: str
    better: Better = Better.HIGHER
    target: float | None = None
    endpoint: str = "admin.activity"
    """The page with the details."""

    @property
    def factor(self) -> int:
        """What a stored value is multiplied by before it is shown with its unit."""
        return 100 if self.unit == "%" else 1

    @property
    def goal(self) -> str:
        """The target in words; empty if there is none."""
        if self.target is None:
            return ""
        bound = "at least" if self.better is Better.HIGHER else "at most"
        return f"{bound} {self.target * self.factor:,g}{f' {self.unit}' if self.unit else ''}"

    def met(self, value: float | None) -> bool | None:
        """Return whether a value meets the target; None without a target or a value."""
        if self.target is None or value is None:
            return None
        return value >= self.target if self.better is Better.HIGHER else value <= self.target


ACTIVITY: Sequence[Metric] = (
    Metric(
        "users",
        "Active users",
        "users",
        "Signed-in users who saw, searched, clicked, rated or marked something. Visitors without an account, and users "
        "who opted out of events and rated nothing, are not counted.",
        endpoint="admin.users",
    ),
    Metric(
        "searches",
        "Searches",
        "searches",
        "Searches on pages and by the API, visitors included; further pages of results are not counted.",
        endpoint="admin.searches",
    ),
    Metric(
        "clicked",
        "Searches with a click",
        "%",
        "Share of the searches of signed-in users with a click on a result within half an hour.",
        target=0.4,
        endpoint="admin.searches",
    ),
    Metric(
        "empty",
        "Searches without results",
        "%",
        "Share of all searches that found nothing.",
        Better.LOWER,
        0.05,
        "admin.searches",
    ),
    Metric(
        "helpful",
        "Helpful",
        "%",
        "Share of yes among the answers of signed-in users to “Was this helpful?” after a search or under a list; the "
        "last answer about each counts, once per visit.",
        endpoint="admin.metrics",
    ),
    Metric("requests", "Requests", "requests", "Answered requests for pages and the API, without files and probes."),
    Metric("p50", "Median response time", "ms", "Half of the requests were answered faster.", Better.LOWER, 20),
    Metric(
        "p95",
        "95th percentile of response times",
        "ms",
        "95 % of the requests were answered faster. Durations are counted in classes; values between their bounds are "
        "interpolated.",
        Better.LOWER,
        60,
    ),
    Metric(
        "errors",
        "Server errors",
        "errors",
        "Requests that were answered with a status of 500 or above.",
        Better.LOWER,
        0,
    ),
)
"""Figures of `engine.online.activity.DayActivity`, by the names of its fields."""

MODEL_AGE = Metric(
    "model_age",
    "Age of the model",
    "days",
    "Days since the published model was trained or extended; a training run is due every week.",
    Better.LOWER,
    8,
    "admin.models",
)
FAILED_JOBS = Metric(
    "failed_jobs",
    "Failed jobs",
    "jobs",
    "Jobs whose latest run failed or was abandoned.",
    Better.LOWER,
    0,
    "admin.jobs",
)

_RANKED = "on held-out ratings, over the first {0} of each user's list"
OFFLINE: Sequence[Metric] = (
    Metric("ndcg", "NDCG@k", "", f"How high the movies that users liked stand ({_RANKED.format('k')}); 1 is perfect."),
    Metric("recall", "Recall@k", "", f"Share of the liked movies that were found ({_RANKED.format('k')})."),
    Metric("precision", "Precision@k", "", f"Share of the list that was liked ({_RANKED.format('k')})."),
    Metric("rmse", "RMSE", "stars", "Root of the mean squared error of predicted ratings.", Better.LOWER),
    Metric("mae", "MAE", "stars", "Mean absolute error of predicted ratings.", Better.LOWER),
    Metric(
        "calibration",
        "Calibration error",
        "",
        "Mean difference between the predicted and the observed share of ratings of 4 stars or more.",
        Better.LOWER,
    ),
    Metric("coverage", "Coverage", "", "Share of the catalogue that is recommended to anybody."),
    Metric(
        "diversity",
        "Diversity",
        "",
        "How unlike each other the movies of a list are: the mean of 1 - cosine of their descriptions over all pairs.",
        target=0.85,
    ),
    Metric(
        "novelty",
        "Novelty",
        "bits",
        "How little known the recommended movies are: the mean of -log₂ of the share of users who know them. Higher is "
        "less obvious, and harder to trust.",
        Better.BALANCED,
    ),
    Metric(
        "serendipity",
        "Serendipity",
        "",
        "Share of the list that the user liked and that popularity alone would not have shown.",
    ),
    Metric(
        "gini",
        "Inequality of exposure",
        "",
        "Gini coefficient of how often each movie is shown: 0 if all equally, 1 if one movie takes every position.",
        Better.LOWER,
    ),
    Metric(
        "popularity",
        "Popularity bias",
        "",
        "How much more popular a group's lists are than the movies its users rated: 0 equally, 1 twice as popular. "
        "Groups by the share of popular movies among those rated: niche (the lowest fifth of the users), diverse, "
        "blockbuster (the highest fifth).",
        Better.LOWER,
        target=1.0,
    ),
)
"""Metrics of model versions, by the beginning of their names."""

ONLINE: Sequence[Metric] = (
    Metric(
        "click_through", "Click-through rate", "%", "Share of shown movies that were clicked, once per visit and list."
    ),
    Metric(
        "sessions",
        "Successful sessions",
        "%",
        "Share of visits with a click, a swipe to the right, a rating, a positive mark or the answer “helpful”, and no "
        "“not helpful” after it.",
    ),
    Metric(
        "rated_well",
        "Rated 4 or more",
        "%",
        "Share of recommended movies that the user rated 4 stars or better within 14 days.",
    ),
    Metric("helpful", "Helpful", "%", "Share of yes among the answers to “Was this helpful?”, the last one counts."),
)
"""Metrics of the job `evaluate-online`."""


def offline(names: Iterable[str]) -> list[Metric]:
    """Return the metrics that some of these names of figures belong to, in the order of the catalogue."""
    measured = [name.lower().replace("_", " ") for name in names]
    return [metric for metric in OFFLINE if any(name.startswith(metric.key) for name in measured)]
