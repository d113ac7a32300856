from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.matched_movie import MatchedMovie


T = TypeVar("T", bound="ImportLineView")


@_attrs_define
class ImportLineView:
    """One row of an uploaded file.

    Attributes:
        at (datetime.datetime | None):
        fault (str): Why no movie was found: `ambiguous` or `unknown`; otherwise empty.
        file (str): The file, in an archive of several.
        list_ (None | str): The list that the row belongs to.
        mark (None | str):
        matched_by (str): `id`, `title and year`, `you` or empty.
        movie (MatchedMovie | None): Null if no movie in the catalogue matches with certainty.
        number (int): Number of the row among those of the import, from 1: names it in corrections.
        review (bool): Whether the row has a review.
        rewatch (bool):
        row (int): Row number as in a spreadsheet: the header is row 1. In JSON, the record from 1.
        skipped (bool):
        stars (float | None):
        title (str):
        watched (datetime.date | None): The day of a watching, if the row is one.
        year (int | None):
    """

    at: datetime.datetime | None
    fault: str
    file: str
    list_: str | None
    mark: str | None
    matched_by: str
    movie: MatchedMovie | None
    number: int
    review: bool
    rewatch: bool
    row: int
    skipped: bool
    stars: float | None
    title: str
    watched: datetime.date | None
    year: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.matched_movie import MatchedMovie  # noqa: PLC0415

        at: str | None
        if isinstance(self.at, datetime.datetime):
            at = self.at.isoformat()
        else:
            at = self.at

        fault = self.fault

        file = self.file

        list_: str | None
        list_ = self.list_

        mark: str | None
        mark = self.mark

        matched_by = self.matched_by

        movie: dict[str, Any] | None
        if isinstance(self.movie, MatchedMovie):
            movie = self.movie.to_dict()
        else:
            movie = self.movie

        number = self.number

        review = self.review

        rewatch = self.rewatch

        row = self.row

        skipped = self.skipped

        stars: float | None
        stars = self.stars

        title = self.title

        watched: str | None
        if isinstance(self.watched, datetime.date):
            watched = self.watched.isoformat()
        else:
            watched = self.watched

        year: int | None
        year = self.year

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "at": at,
                "fault": fault,
                "file": file,
                "list": list_,
                "mark": mark,
                "matched_by": matched_by,
                "movie": movie,
                "number": number,
                "review": review,
                "rewatch": rewatch,
                "row": row,
                "skipped": skipped,
                "stars": stars,
                "title": title,
                "watched": watched,
                "year": year,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.matched_movie import MatchedMovie  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                at_type_0 = datetime.datetime.fromisoformat(data)

                return at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        at = _parse_at(d.pop("at"))

        fault = d.pop("fault")

        file = d.pop("file")

        def _parse_list_(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        list_ = _parse_list_(d.pop("list"))

        def _parse_mark(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        mark = _parse_mark(d.pop("mark"))

        matched_by = d.pop("matched_by")

        def _parse_movie(data: object) -> MatchedMovie | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                movie_type_0 = MatchedMovie.from_dict(data)

                return movie_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("MatchedMovie | None", data)

        movie = _parse_movie(d.pop("movie"))

        number = d.pop("number")

        review = d.pop("review")

        rewatch = d.pop("rewatch")

        row = d.pop("row")

        skipped = d.pop("skipped")

        def _parse_stars(data: object) -> float | None:
            if data is None:
                return data
            return cast("float | None", data)

        stars = _parse_stars(d.pop("stars"))

        title = d.pop("title")

        def _parse_watched(data: object) -> datetime.date | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                watched_type_0 = datetime.date.fromisoformat(data)

                return watched_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.date | None", data)

        watched = _parse_watched(d.pop("watched"))

        def _parse_year(data: object) -> int | None:
            if data is None:
                return data
            return cast("int | None", data)

        year = _parse_year(d.pop("year"))

        import_line_view = cls(
            at=at,
            fault=fault,
            file=file,
            list_=list_,
            mark=mark,
            matched_by=matched_by,
            movie=movie,
            number=number,
            review=review,
            rewatch=rewatch,
            row=row,
            skipped=skipped,
            stars=stars,
            title=title,
            watched=watched,
            year=year,
        )

        import_line_view.additional_properties = d
        return import_line_view

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
