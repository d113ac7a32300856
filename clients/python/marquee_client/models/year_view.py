from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.count_view import CountView
    from ..models.movie_card import MovieCard
    from ..models.watch_view import WatchView


T = TypeVar("T", bound="YearView")


@_attrs_define
class YearView:
    """A year in film. Genres, decades, countries and people count movies, months count watchings.

    Attributes:
        best (list[WatchView]): The watchings with the most stars.
        countries (list[CountView]):
        decades (list[CountView]):
        first (None | WatchView):
        genres (list[CountView]):
        goal (int | None): How many movies you wanted to watch.
        last (None | WatchView):
        longest (MovieCard | None):
        minutes (int): Runtime of all watchings, as far as it is known.
        months (list[int]): Watchings of each month, from January.
        movies (int):
        people (list[CountView]): Directors and leading actors of two movies or more.
        rewatches (int):
        shortest (MovieCard | None):
        watches (int):
        year (int):
    """

    best: list[WatchView]
    countries: list[CountView]
    decades: list[CountView]
    first: WatchView | None
    genres: list[CountView]
    goal: int | None
    last: WatchView | None
    longest: MovieCard | None
    minutes: int
    months: list[int]
    movies: int
    people: list[CountView]
    rewatches: int
    shortest: MovieCard | None
    watches: int
    year: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.movie_card import MovieCard  # noqa: PLC0415
        from ..models.watch_view import WatchView  # noqa: PLC0415

        best = []
        for best_item_data in self.best:
            best_item = best_item_data.to_dict()
            best.append(best_item)

        countries = []
        for countries_item_data in self.countries:
            countries_item = countries_item_data.to_dict()
            countries.append(countries_item)

        decades = []
        for decades_item_data in self.decades:
            decades_item = decades_item_data.to_dict()
            decades.append(decades_item)

        first: dict[str, Any] | None
        if isinstance(self.first, WatchView):
            first = self.first.to_dict()
        else:
            first = self.first

        genres = []
        for genres_item_data in self.genres:
            genres_item = genres_item_data.to_dict()
            genres.append(genres_item)

        goal: int | None
        goal = self.goal

        last: dict[str, Any] | None
        if isinstance(self.last, WatchView):
            last = self.last.to_dict()
        else:
            last = self.last

        longest: dict[str, Any] | None
        if isinstance(self.longest, MovieCard):
            longest = self.longest.to_dict()
        else:
            longest = self.longest

        minutes = self.minutes

        months = self.months

        movies = self.movies

        people = []
        for people_item_data in self.people:
            people_item = people_item_data.to_dict()
            people.append(people_item)

        rewatches = self.rewatches

        shortest: dict[str, Any] | None
        if isinstance(self.shortest, MovieCard):
            shortest = self.shortest.to_dict()
        else:
            shortest = self.shortest

        watches = self.watches

        year = self.year

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "best": best,
                "countries": countries,
                "decades": decades,
                "first": first,
                "genres": genres,
                "goal": goal,
                "last": last,
                "longest": longest,
                "minutes": minutes,
                "months": months,
                "movies": movies,
                "people": people,
                "rewatches": rewatches,
                "shortest": shortest,
                "watches": watches,
                "year": year,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.count_view import CountView  # noqa: PLC0415
        from ..models.movie_card import MovieCard  # noqa: PLC0415
        from ..models.watch_view import WatchView  # noqa: PLC0415

        d = dict(src_dict)
        best = []
        _best = d.pop("best")
        for best_item_data in _best:
            best_item = WatchView.from_dict(best_item_data)

            best.append(best_item)

        countries = []
        _countries = d.pop("countries")
        for countries_item_data in _countries:
            countries_item = CountView.from_dict(countries_item_data)

            countries.append(countries_item)

        decades = []
        _decades = d.pop("decades")
        for decades_item_data in _decades:
            decades_item = CountView.from_dict(decades_item_data)

            decades.append(decades_item)

        def _parse_first(data: object) -> WatchView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                first_type_0 = WatchView.from_dict(data)

                return first_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | WatchView", data)

        first = _parse_first(d.pop("first"))

        genres = []
        _genres = d.pop("genres")
        for genres_item_data in _genres:
            genres_item = CountView.from_dict(genres_item_data)

            genres.append(genres_item)

        def _parse_goal(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        goal = _parse_goal(d.pop("goal"))

        def _parse_last(data: object) -> WatchView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_type_0 = WatchView.from_dict(data)

                return last_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("None | WatchView", data)

        last = _parse_last(d.pop("last"))

        def _parse_longest(data: object) -> MovieCard | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                longest_type_0 = MovieCard.from_dict(data)

                return longest_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("MovieCard | None", data)

        longest = _parse_longest(d.pop("longest"))

        minutes = d.pop("minutes")

        months = cast("list[int]", d.pop("months"))

        movies = d.pop("movies")

        people = []
        _people = d.pop("people")
        for people_item_data in _people:
            people_item = CountView.from_dict(people_item_data)

            people.append(people_item)

        rewatches = d.pop("rewatches")

        def _parse_shortest(data: object) -> MovieCard | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                shortest_type_0 = MovieCard.from_dict(data)

                return shortest_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("MovieCard | None", data)

        shortest = _parse_shortest(d.pop("shortest"))

        watches = d.pop("watches")

        year = d.pop("year")

        year_view = cls(
            best=best,
            countries=countries,
            decades=decades,
            first=first,
            genres=genres,
            goal=goal,
            last=last,
            longest=longest,
            minutes=minutes,
            months=months,
            movies=movies,
            people=people,
            rewatches=rewatches,
            shortest=shortest,
            watches=watches,
            year=year,
        )

        year_view.additional_properties = d
        return year_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
