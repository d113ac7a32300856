from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.import_line_view import ImportLineView


T = TypeVar("T", bound="ImportResponse")


@_attrs_define
class ImportResponse:
    """The result of an import, or a preview of it.

    Attributes:
        applied (bool): Whether the import was applied; otherwise this is a preview.
        bad (list[str]): Invalid rows: file, row, column and reason.
        changes (int): Number of movies that the import changes: in a preview, what `written` will be.
        episodes (int): Number of episodes in the file, which are not imported.
        expires_at (datetime.datetime | None): When the preview is deleted.
        goals (int): Number of yearly goals that the import sets.
        kind (str): The detected file format, for people.
        lines (list[ImportLineView]):
        listed (int): Number of movies that the import adds to lists.
        lists (int): Number of lists that the import creates or extends.
        marks (int): Number of marks that the import sets.
        matched (int): Number of rows matched to a movie.
        preview (None | str): Id of the preview, for corrections; null if the import was applied.
        ratings (int): Number of ratings that the import sets.
        reviews (int): Number of reviews that the import writes.
        series (int): Number of series in the file, which are not imported.
        shortened (int): Number of reviews that are too long and are shortened.
        skipped (int): Number of rows that you skipped.
        tagged (int): Number of rows with tags that are not imported: they are of no watching.
        unmatched (int): Number of rows without a certain match in the catalogue.
        watches (int): Number of watchings that the import adds to the diary.
        written (int): Number of movies that changed; 0 if the same import is repeated.
    """

    applied: bool
    bad: list[str]
    changes: int
    episodes: int
    expires_at: datetime.datetime | None
    goals: int
    kind: str
    lines: list[ImportLineView]
    listed: int
    lists: int
    marks: int
    matched: int
    preview: str | None
    ratings: int
    reviews: int
    series: int
    shortened: int
    skipped: int
    tagged: int
    unmatched: int
    watches: int
    written: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        applied = self.applied

        bad = self.bad

        changes = self.changes

        episodes = self.episodes

        expires_at: str | None
        if isinstance(self.expires_at, datetime.datetime):
            expires_at = self.expires_at.isoformat()
        else:
            expires_at = self.expires_at

        goals = self.goals

        kind = self.kind

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        listed = self.listed

        lists = self.lists

        marks = self.marks

        matched = self.matched

        preview: str | None
        preview = self.preview

        ratings = self.ratings

        reviews = self.reviews

        series = self.series

        shortened = self.shortened

        skipped = self.skipped

        tagged = self.tagged

        unmatched = self.unmatched

        watches = self.watches

        written = self.written

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "applied": applied,
                "bad": bad,
                "changes": changes,
                "episodes": episodes,
                "expires_at": expires_at,
                "goals": goals,
                "kind": kind,
                "lines": lines,
                "listed": listed,
                "lists": lists,
                "marks": marks,
                "matched": matched,
                "preview": preview,
                "ratings": ratings,
                "reviews": reviews,
                "series": series,
                "shortened": shortened,
                "skipped": skipped,
                "tagged": tagged,
                "unmatched": unmatched,
                "watches": watches,
                "written": written,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.import_line_view import ImportLineView  # noqa: PLC0415

        d = dict(src_dict)
        applied = d.pop("applied")

        bad = cast("list[str]", d.pop("bad"))

        changes = d.pop("changes")

        episodes = d.pop("episodes")

        def _parse_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast("datetime.datetime | None", data)

        expires_at = _parse_expires_at(d.pop("expires_at"))

        goals = d.pop("goals")

        kind = d.pop("kind")

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = ImportLineView.from_dict(lines_item_data)

            lines.append(lines_item)

        listed = d.pop("listed")

        lists = d.pop("lists")

        marks = d.pop("marks")

        matched = d.pop("matched")

        def _parse_preview(data: object) -> str | None:
            if data is None:
                return data
            return cast("None | str", data)

        preview = _parse_preview(d.pop("preview"))

        ratings = d.pop("ratings")

        reviews = d.pop("reviews")

        series = d.pop("series")

        shortened = d.pop("shortened")

        skipped = d.pop("skipped")

        tagged = d.pop("tagged")

        unmatched = d.pop("unmatched")

        watches = d.pop("watches")

        written = d.pop("written")

        import_response = cls(
            applied=applied,
            bad=bad,
            changes=changes,
            episodes=episodes,
            expires_at=expires_at,
            goals=goals,
            kind=kind,
            lines=lines,
            listed=listed,
            lists=lists,
            marks=marks,
            matched=matched,
            preview=preview,
            ratings=ratings,
            reviews=reviews,
            series=series,
            shortened=shortened,
            skipped=skipped,
            tagged=tagged,
            unmatched=unmatched,
            watches=watches,
            written=written,
        )

        import_response.additional_properties = d
        return import_response

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
