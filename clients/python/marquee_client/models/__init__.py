"""Contains all the data models used in inputs/outputs"""

from .account_view import AccountView
from .activities_response import ActivitiesResponse
from .activity_kind import ActivityKind
from .activity_view import ActivityView
from .alternatives_response import AlternativesResponse
from .ask_request import AskRequest
from .ask_response import AskResponse
from .audit_entry_view import AuditEntryView
from .audit_entry_view_details import AuditEntryViewDetails
from .audit_log_response import AuditLogResponse
from .cast_picture import CastPicture
from .certificate import Certificate
from .change_view import ChangeView
from .claim_view import ClaimView
from .collection_movie import CollectionMovie
from .collection_view import CollectionView
from .comparison_response import ComparisonResponse
from .connection_kind import ConnectionKind
from .connection_view import ConnectionView
from .connections_response import ConnectionsResponse
from .content_report_view import ContentReportView
from .content_reports_response import ContentReportsResponse
from .contributing_movie import ContributingMovie
from .corrections_request import CorrectionsRequest
from .count_view import CountView
from .credit_view import CreditView
from .decision_request import DecisionRequest
from .decision_request_reason import DecisionRequestReason
from .delete_account_request import DeleteAccountRequest
from .deliveries_response import DeliveriesResponse
from .delivery_status import DeliveryStatus
from .delivery_view import DeliveryView
from .effect_view import EffectView
from .evaluation_view import EvaluationView
from .evaluation_view_failures_item import EvaluationViewFailuresItem
from .evaluation_view_figures import EvaluationViewFigures
from .evaluations_response import EvaluationsResponse
from .events_request import EventsRequest
from .events_response import EventsResponse
from .experiment_view import ExperimentView
from .experiments_response import ExperimentsResponse
from .explanation_response import ExplanationResponse
from .export_response import ExportResponse
from .export_response_events_item import ExportResponseEventsItem
from .export_response_history_item import ExportResponseHistoryItem
from .export_response_marks_item import ExportResponseMarksItem
from .export_response_passkeys_item import ExportResponsePasskeysItem
from .export_response_ratings_item import ExportResponseRatingsItem
from .export_response_reviews_item import ExportResponseReviewsItem
from .export_response_security_events_item import ExportResponseSecurityEventsItem
from .export_response_sessions_item import ExportResponseSessionsItem
from .export_response_tokens_item import ExportResponseTokensItem
from .extras import Extras
from .facet_count import FacetCount
from .follow import Follow
from .follow_view import FollowView
from .friend_opinion_view import FriendOpinionView
from .friend_opinions_view import FriendOpinionsView
from .genres_response import GenresResponse
from .get_the_preview_of_an_import_show import GetThePreviewOfAnImportShow
from .get_your_dismissed_movies_order import GetYourDismissedMoviesOrder
from .get_your_favourites_order import GetYourFavouritesOrder
from .get_your_watched_movies_order import GetYourWatchedMoviesOrder
from .get_your_watchlist_order import GetYourWatchlistOrder
from .goal_request import GoalRequest
from .guest_request import GuestRequest
from .guest_request_ratings import GuestRequestRatings
from .history_response import HistoryResponse
from .import_line_view import ImportLineView
from .import_response import ImportResponse
from .interleaving_view import InterleavingView
from .invitation_view import InvitationView
from .job import Job
from .job_parameters import JobParameters
from .job_view import JobView
from .jobs_response import JobsResponse
from .join_request import JoinRequest
from .kind import Kind
from .label_import_response import LabelImportResponse
from .label_request import LabelRequest
from .label_view import LabelView
from .labelled_requests_response import LabelledRequestsResponse
from .line_correction import LineCorrection
from .list_entry_view import ListEntryView
from .list_request import ListRequest
from .list_response import ListResponse
from .list_similar_movies_by import ListSimilarMoviesBy
from .list_sort import ListSort
from .list_view import ListView
from .list_your_ratings_order import ListYourRatingsOrder
from .list_your_reviews_order import ListYourReviewsOrder
from .lists_response import ListsResponse
from .mark_view import MarkView
from .match_reason import MatchReason
from .matched_movie import MatchedMovie
from .metric import Metric
from .metric_difference_view import MetricDifferenceView
from .metrics_history_response import MetricsHistoryResponse
from .metrics_response import MetricsResponse
from .metrics_response_baselines import MetricsResponseBaselines
from .metrics_response_baselines_additional_property import MetricsResponseBaselinesAdditionalProperty
from .metrics_response_metrics import MetricsResponseMetrics
from .mode import Mode
from .model_view import ModelView
from .model_view_learned_from import ModelViewLearnedFrom
from .model_view_metrics import ModelViewMetrics
from .model_view_parameters import ModelViewParameters
from .models_response import ModelsResponse
from .moderation_action import ModerationAction
from .movie import Movie
from .movie_card import MovieCard
from .movie_list_entry import MovieListEntry
from .movie_list_response import MovieListResponse
from .movie_mood import MovieMood
from .movie_rating_request import MovieRatingRequest
from .nearest_movie import NearestMovie
from .neighbours_opinion import NeighboursOpinion
from .new_event import NewEvent
from .new_event_kind import NewEventKind
from .new_token_view import NewTokenView
from .new_watch_request import NewWatchRequest
from .new_webhook_view import NewWebhookView
from .note_request import NoteRequest
from .offer import Offer
from .online_metrics_view import OnlineMetricsView
from .online_metrics_view_click_through import OnlineMetricsViewClickThrough
from .online_metrics_view_helpful import OnlineMetricsViewHelpful
from .online_metrics_view_rated_well import OnlineMetricsViewRatedWell
from .online_metrics_view_sessions import OnlineMetricsViewSessions
from .order_request import OrderRequest
from .origin import Origin
from .other_reading import OtherReading
from .outcome import Outcome
from .outside_rating_view import OutsideRatingView
from .parameter_difference_view import ParameterDifferenceView
from .parameter_view import ParameterView
from .password_request import PasswordRequest
from .policy_estimate_view import PolicyEstimateView
from .popular_movies_response import PopularMoviesResponse
from .predicted_rating import PredictedRating
from .prediction_request import PredictionRequest
from .predictions_response import PredictionsResponse
from .preferences_request import PreferencesRequest
from .preferences_request_language_type_0 import PreferencesRequestLanguageType0
from .preferences_view import PreferencesView
from .problem import Problem
from .problem_errors_type_0 import ProblemErrorsType0
from .profile_view import ProfileView
from .profile_view_stars import ProfileViewStars
from .profile_watch_view import ProfileWatchView
from .provider_count import ProviderCount
from .provider_view import ProviderView
from .providers_response import ProvidersResponse
from .publish_request import PublishRequest
from .published_review_view import PublishedReviewView
from .published_reviews_response import PublishedReviewsResponse
from .query_piece import QueryPiece
from .query_type import QueryType
from .query_understanding import QueryUnderstanding
from .rating_view import RatingView
from .ratings_per_day_view import RatingsPerDayView
from .recommendation_reason import RecommendationReason
from .recommendation_rows_response import RecommendationRowsResponse
from .recommendations_response import RecommendationsResponse
from .recommendations_row import RecommendationsRow
from .recommended_movie import RecommendedMovie
from .report_kind import ReportKind
from .report_outcome import ReportOutcome
from .report_reason import ReportReason
from .report_request import ReportRequest
from .reports_response import ReportsResponse
from .review_request import ReviewRequest
from .review_sort import ReviewSort
from .review_view import ReviewView
from .role import Role
from .run_view import RunView
from .run_view_figures import RunViewFigures
from .run_view_parameters import RunViewParameters
from .runs_response import RunsResponse
from .scope import Scope
from .scrobble_answer import ScrobbleAnswer
from .scrobble_outcome import ScrobbleOutcome
from .scrobble_view import ScrobbleView
from .scrobbles_response import ScrobblesResponse
from .search_movies_genre_mode import SearchMoviesGenreMode
from .search_parameters import SearchParameters
from .search_parameters_genre_mode import SearchParametersGenreMode
from .search_response import SearchResponse
from .search_response_facets import SearchResponseFacets
from .search_result import SearchResult
from .shared_trait import SharedTrait
from .sharing_request import SharingRequest
from .sharing_view import SharingView
from .sign_up_request import SignUpRequest
from .similar_movies_response import SimilarMoviesResponse
from .similarity_reason import SimilarityReason
from .snippet_part import SnippetPart
from .sort import Sort
from .status import Status
from .suggestion_view import SuggestionView
from .suggestions_response import SuggestionsResponse
from .take_a_report_of_jellyfin_body import TakeAReportOfJellyfinBody
from .together_movie import TogetherMovie
from .together_response import TogetherResponse
from .token_request import TokenRequest
from .token_view import TokenView
from .tokens_response import TokensResponse
from .trailer_view import TrailerView
from .training_status_response import TrainingStatusResponse
from .trending_card import TrendingCard
from .trending_reason import TrendingReason
from .trending_response import TrendingResponse
from .unanswered_search_view import UnansweredSearchView
from .variant_view import VariantView
from .variant_view_metrics import VariantViewMetrics
from .variant_view_settings import VariantViewSettings
from .visibility import Visibility
from .watch_region import WatchRegion
from .watch_request import WatchRequest
from .watch_view import WatchView
from .watches_response import WatchesResponse
from .webhook_event import WebhookEvent
from .webhook_request import WebhookRequest
from .webhook_view import WebhookView
from .webhooks_response import WebhooksResponse
from .window import Window
from .year_view import YearView

__all__ = (
    "AccountView",
    "ActivitiesResponse",
    "ActivityKind",
    "ActivityView",
    "AlternativesResponse",
    "AskRequest",
    "AskResponse",
    "AuditEntryView",
    "AuditEntryViewDetails",
    "AuditLogResponse",
    "CastPicture",
    "Certificate",
    "ChangeView",
    "ClaimView",
    "CollectionMovie",
    "CollectionView",
    "ComparisonResponse",
    "ConnectionKind",
    "ConnectionView",
    "ConnectionsResponse",
    "ContentReportView",
    "ContentReportsResponse",
    "ContributingMovie",
    "CorrectionsRequest",
    "CountView",
    "CreditView",
    "DecisionRequest",
    "DecisionRequestReason",
    "DeleteAccountRequest",
    "DeliveriesResponse",
    "DeliveryStatus",
    "DeliveryView",
    "EffectView",
    "EvaluationView",
    "EvaluationViewFailuresItem",
    "EvaluationViewFigures",
    "EvaluationsResponse",
    "EventsRequest",
    "EventsResponse",
    "ExperimentView",
    "ExperimentsResponse",
    "ExplanationResponse",
    "ExportResponse",
    "ExportResponseEventsItem",
    "ExportResponseHistoryItem",
    "ExportResponseMarksItem",
    "ExportResponsePasskeysItem",
    "ExportResponseRatingsItem",
    "ExportResponseReviewsItem",
    "ExportResponseSecurityEventsItem",
    "ExportResponseSessionsItem",
    "ExportResponseTokensItem",
    "Extras",
    "FacetCount",
    "Follow",
    "FollowView",
    "FriendOpinionView",
    "FriendOpinionsView",
    "GenresResponse",
    "GetThePreviewOfAnImportShow",
    "GetYourDismissedMoviesOrder",
    "GetYourFavouritesOrder",
    "GetYourWatchedMoviesOrder",
    "GetYourWatchlistOrder",
    "GoalRequest",
    "GuestRequest",
    "GuestRequestRatings",
    "HistoryResponse",
    "ImportLineView",
    "ImportResponse",
    "InterleavingView",
    "InvitationView",
    "Job",
    "JobParameters",
    "JobView",
    "JobsResponse",
    "JoinRequest",
    "Kind",
    "LabelImportResponse",
    "LabelRequest",
    "LabelView",
    "LabelledRequestsResponse",
    "LineCorrection",
    "ListEntryView",
    "ListRequest",
    "ListResponse",
    "ListSimilarMoviesBy",
    "ListSort",
    "ListView",
    "ListYourRatingsOrder",
    "ListYourReviewsOrder",
    "ListsResponse",
    "MarkView",
    "MatchReason",
    "MatchedMovie",
    "Metric",
    "MetricDifferenceView",
    "MetricsHistoryResponse",
    "MetricsResponse",
    "MetricsResponseBaselines",
    "MetricsResponseBaselinesAdditionalProperty",
    "MetricsResponseMetrics",
    "Mode",
    "ModelView",
    "ModelViewLearnedFrom",
    "ModelViewMetrics",
    "ModelViewParameters",
    "ModelsResponse",
    "ModerationAction",
    "Movie",
    "MovieCard",
    "MovieListEntry",
    "MovieListResponse",
    "MovieMood",
    "MovieRatingRequest",
    "NearestMovie",
    "NeighboursOpinion",
    "NewEvent",
    "NewEventKind",
    "NewTokenView",
    "NewWatchRequest",
    "NewWebhookView",
    "NoteRequest",
    "Offer",
    "OnlineMetricsView",
    "OnlineMetricsViewClickThrough",
    "OnlineMetricsViewHelpful",
    "OnlineMetricsViewRatedWell",
    "OnlineMetricsViewSessions",
    "OrderRequest",
    "Origin",
    "OtherReading",
    "Outcome",
    "OutsideRatingView",
    "ParameterDifferenceView",
    "ParameterView",
    "PasswordRequest",
    "PolicyEstimateView",
    "PopularMoviesResponse",
    "PredictedRating",
    "PredictionRequest",
    "PredictionsResponse",
    "PreferencesRequest",
    "PreferencesRequestLanguageType0",
    "PreferencesView",
    "Problem",
    "ProblemErrorsType0",
    "ProfileView",
    "ProfileViewStars",
    "ProfileWatchView",
    "ProviderCount",
    "ProviderView",
    "ProvidersResponse",
    "PublishRequest",
    "PublishedReviewView",
    "PublishedReviewsResponse",
    "QueryPiece",
    "QueryType",
    "QueryUnderstanding",
    "RatingView",
    "RatingsPerDayView",
    "RecommendationReason",
    "RecommendationRowsResponse",
    "RecommendationsResponse",
    "RecommendationsRow",
    "RecommendedMovie",
    "ReportKind",
    "ReportOutcome",
    "ReportReason",
    "ReportRequest",
    "ReportsResponse",
    "ReviewRequest",
    "ReviewSort",
    "ReviewView",
    "Role",
    "RunView",
    "RunViewFigures",
    "RunViewParameters",
    "RunsResponse",
    "Scope",
    "ScrobbleAnswer",
    "ScrobbleOutcome",
    "ScrobbleView",
    "ScrobblesResponse",
    "SearchMoviesGenreMode",
    "SearchParameters",
    "SearchParametersGenreMode",
    "SearchResponse",
    "SearchResponseFacets",
    "SearchResult",
    "SharedTrait",
    "SharingRequest",
    "SharingView",
    "SignUpRequest",
    "SimilarMoviesResponse",
    "SimilarityReason",
    "SnippetPart",
    "Sort",
    "Status",
    "SuggestionView",
    "SuggestionsResponse",
    "TakeAReportOfJellyfinBody",
    "TogetherMovie",
    "TogetherResponse",
    "TokenRequest",
    "TokenView",
    "TokensResponse",
    "TrailerView",
    "TrainingStatusResponse",
    "TrendingCard",
    "TrendingReason",
    "TrendingResponse",
    "UnansweredSearchView",
    "VariantView",
    "VariantViewMetrics",
    "VariantViewSettings",
    "Visibility",
    "WatchRegion",
    "WatchRequest",
    "WatchView",
    "WatchesResponse",
    "WebhookEvent",
    "WebhookRequest",
    "WebhookView",
    "WebhooksResponse",
    "Window",
    "YearView",
)
