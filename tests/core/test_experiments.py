"""The notation of experiments, and the error for every fault."""

from __future__ import annotations

import pytest

from core import config, experiments
from core.errors import InvalidSettings
from core.experiments import Knob

VERSION, OTHER = "20261121-143000-123456", "20261122-143000-123456-3fa2"


def test_variants_are_models_settings_and_interleaving() -> None:
    ranker, bolder, drafts = experiments.parse(
        f"ranker: published=0.5, {VERSION}=.5; bolder: control=.1, bold(cold_share=.2, search_taste=0)=0.1;"
        f"drafts: interleave({OTHER}, published)=1"
    )
    assert [(one.name, one.model, one.share) for one in ranker.variants] == [
        ("published", "published", 0.5),
        (VERSION, VERSION, 0.5),
    ]
    assert dict(bolder.variants[1].values) == {Knob.COLD_SHARE: 0.2, Knob.SEARCH_TASTE: 0.0}
    assert drafts.variants[0].models == (OTHER, "published")
    assert experiments.versions((ranker, bolder, drafts)) == {VERSION, OTHER}


@pytest.mark.parametrize(
    ("text", "knobs"),
    [
        (f"a: published=.5, {VERSION}=.5", {Knob.MODEL}),
        ("a: control=.5, bold(cold_share=.2)=.5", {Knob.COLD_SHARE}),
        (f"a: control=.5, bold(model={VERSION}, search_taste=0)=.5", {Knob.MODEL, Knob.SEARCH_TASTE}),
        (f"a: interleave(published, {VERSION})=1", {Knob.MODEL}),
        ("a: one=.5, other=.5", {Knob.MODEL}),
    ],
)
def test_an_experiment_knows_what_it_varies(text: str, knobs: set[Knob]) -> None:
    assert experiments.parse(text)[0].knobs == knobs


def test_an_empty_text_has_no_experiments() -> None:
    assert experiments.parse("") == experiments.parse(" ; ") == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ranker", "expected `name: variant=share"),
        ("Ranker!: a=.5, b=.5", "expected `name: variant=share"),
        ("a: control=.5, other=.6", "shares add up to 1.1"),
        ("a: control=.5, control=.5", "two variants have the same name"),
        ("a: control=1", "at least two variants"),
        ("a: control=0, other=1", "above 0"),
        ("a: control=nan, other=1", "above 0"),
        ("a: control=half, other=.5", "'half': expected a share"),
        ("a: control, other=.5", "expected `variant=share`"),
        ("a: control=.5, 2026=.5", "expected a version of the model"),
        (f"a: interleave({VERSION})=1", "two different models"),
        ("a: interleave(published, published)=1", "two different models"),
        ("a: control=.5, bold(cold_share=2)=.5", "'cold_share=2': expected"),
        ("a: control=.5, bold(wind=.5)=.5", "'wind=.5': expected"),
        ("a: control=.5, bold(model=best)=.5", "'model=best': expected"),
        (f"a: control=.5, {VERSION}(cold_share=.1)=.5", "takes no settings"),
        ("a: x=.5, y=.5; a: x=.5, y=.5", "a: defined twice"),
    ],
)
def test_a_fault_is_reported(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        experiments.parse(text)
    assert fault in str(caught.value)


def test_settings_report_every_fault_under_the_variable() -> None:
    with pytest.raises(InvalidSettings) as caught:
        config.load({"MARQUEE_EXPERIMENTS": "a: control=1; b: x=.5, y=2", "MARQUEE_PORT": "eighty"})
    text = str(caught.value)
    assert "MARQUEE_EXPERIMENTS:" in text
    assert "a: expected at least two" in text
    assert "b: '2': expected a share" in text
    assert "MARQUEE_PORT" in text
