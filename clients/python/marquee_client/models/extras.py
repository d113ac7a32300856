from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar
from typing import cast as typing_cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.cast_picture import CastPicture
    from ..models.certificate import Certificate
    from ..models.collection_view import CollectionView
    from ..models.outside_rating_view import OutsideRatingView
    from ..models.trailer_view import TrailerView
    from ..models.watch_region import WatchRegion


T = TypeVar("T", bound="Extras")


@_attrs_define
class Extras:
    """What TMDB and OMDb say about a movie beyond the catalogue.

    Attributes:
        attribution (list[str]): Sentences to show wherever these data are shown.
        backdrop (None | str): URL of a wide picture.
        cast (list[CastPicture]):
        certificates (list[Certificate]):
        collection (CollectionView | None):
        imdb (None | str): URL of the movie's page at IMDb.
        plot (str): A second description; empty if there is none.
        ratings (list[OutsideRatingView]):
        trailer (None | TrailerView): In the language of the response if there is one.
        watch (list[WatchRegion]): Where to watch it, by country.
    """

    attribution: list[str]
    backdrop: str | None
    cast: list[CastPicture]
    certificates: list[Certificate]
    collection: CollectionView | None
    imdb: str | None
    plot: str
    ratings: list[OutsideRatingView]
    trailer: TrailerView | None
    watch: list[WatchRegion]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.collection_view import CollectionView  # noqa: PLC0415
        from ..models.trailer_view import TrailerView  # noqa: PLC0415

        attribution = self.attribution

        backdrop: str | None
        backdrop = self.backdrop

        cast = []
        for cast_item_data in self.cast:
            cast_item = cast_item_data.to_dict()
            cast.append(cast_item)

        certificates = []
        for certificates_item_data in self.certificates:
            certificates_item = certificates_item_data.to_dict()
            certificates.append(certificates_item)

        collection: dict[str, Any] | None
        if isinstance(self.collection, CollectionView):
            collection = self.collection.to_dict()
        else:
            collection = self.collection

        imdb: str | None
        imdb = self.imdb

        plot = self.plot

        ratings = []
        for ratings_item_data in self.ratings:
            ratings_item = ratings_item_data.to_dict()
            ratings.append(ratings_item)

        trailer: dict[str, Any] | None
        if isinstance(self.trailer, TrailerView):
            trailer = self.trailer.to_dict()
        else:
            trailer = self.trailer

        watch = []
        for watch_item_data in self.watch:
            watch_item = watch_item_data.to_dict()
            watch.append(watch_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "attribution": attribution,
                "backdrop": backdrop,
                "cast": cast,
                "certificates": certificates,
                "collection": collection,
                "imdb": imdb,
                "plot": plot,
                "ratings": ratings,
                "trailer": trailer,
                "watch": watch,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cast_picture import CastPicture  # noqa: PLC0415
        from ..models.certificate import Certificate  # noqa: PLC0415
        from ..models.collection_view import CollectionView  # noqa: PLC0415
        from ..models.outside_rating_view import OutsideRatingView  # noqa: PLC0415
        from ..models.trailer_view import TrailerView  # noqa: PLC0415
        from ..models.watch_region import WatchRegion  # noqa: PLC0415

        d = dict(src_dict)
        attribution = typing_cast("list[str]", d.pop("attribution"))

        def _parse_backdrop(data: object) -> str | None:
            if data is None:
                return data
            return typing_cast(None | str, data)

        backdrop = _parse_backdrop(d.pop("backdrop"))

        cast = []
        _cast = d.pop("cast")
        for cast_item_data in _cast:
            cast_item = CastPicture.from_dict(cast_item_data)

            cast.append(cast_item)

        certificates = []
        _certificates = d.pop("certificates")
        for certificates_item_data in _certificates:
            certificates_item = Certificate.from_dict(certificates_item_data)

            certificates.append(certificates_item)

        def _parse_collection(data: object) -> CollectionView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                collection_type_0 = CollectionView.from_dict(data)

                return collection_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return typing_cast(CollectionView | None, data)

        collection = _parse_collection(d.pop("collection"))

        def _parse_imdb(data: object) -> str | None:
            if data is None:
                return data
            return typing_cast(None | str, data)

        imdb = _parse_imdb(d.pop("imdb"))

        plot = d.pop("plot")

        ratings = []
        _ratings = d.pop("ratings")
        for ratings_item_data in _ratings:
            ratings_item = OutsideRatingView.from_dict(ratings_item_data)

            ratings.append(ratings_item)

        def _parse_trailer(data: object) -> TrailerView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                trailer_type_0 = TrailerView.from_dict(data)

                return trailer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return typing_cast(None | TrailerView, data)

        trailer = _parse_trailer(d.pop("trailer"))

        watch = []
        _watch = d.pop("watch")
        for watch_item_data in _watch:
            watch_item = WatchRegion.from_dict(watch_item_data)

            watch.append(watch_item)

        extras = cls(
            attribution=attribution,
            backdrop=backdrop,
            cast=cast,
            certificates=certificates,
            collection=collection,
            imdb=imdb,
            plot=plot,
            ratings=ratings,
            trailer=trailer,
            watch=watch,
        )

        extras.additional_properties = d
        return extras

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
