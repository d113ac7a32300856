"""Messages of errors."""

from __future__ import annotations

from core import errors


def test_a_data_error_names_its_location() -> None:
    fault = errors.DataError("no number", file="films.csv", row=7, column="runtime")
    assert str(fault) == "films.csv, row 7, column 'runtime': no number"
    assert (fault.file, fault.row, fault.column) == ("films.csv", 7, "runtime")


def test_a_data_error_omits_an_unknown_location() -> None:
    assert str(errors.DataError("the file is empty", file="films.csv")) == "films.csv: the file is empty"
    assert str(errors.DataError("no catalogue")) == "no catalogue"


def test_a_faulty_request_names_every_field() -> None:
    fault = errors.InvalidRequest({"size": "at most 100", "page": "counts from 1"})
    assert fault.fields == {"size": "at most 100", "page": "counts from 1"}
    assert "size: at most 100" in str(fault)
    assert "page: counts from 1" in str(fault)


def test_a_missing_index_makes_search_unavailable() -> None:
    assert issubclass(errors.IndexMissing, errors.SearchUnavailable)
    assert issubclass(errors.EncoderMismatch, errors.SearchUnavailable)
