"""The choice of the served model: the blend, the blend with NCF, or a single model."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from core.config import Settings
from core.errors import Cancelled, ModelMissing
from core.recommendations.records import RankingModel
from engine import wiring
from engine.recommender import blend
from engine.recommender import model as models
from engine.recommender.calibration import Calibration
from engine.recommender.neural import fit as neural
from engine.training import checkpoints, publication
from engine.training.dataset import Dataset
from engine.training.evaluation import holdout
from engine.training.fit import local_fit
from engine.training.options import PARAMETERS, Options
from engine.training.publication import PublicationReport
from tests.engine.recommender import older_models
from tests.engine.recommender import scorer_kit as kit
from tests.engine.training import trainings, worlds
from tests.engine.training.worlds import QUICK, Watched

pytestmark = pytest.mark.slow

EVEN = kit.history({kit.FIRST_ID + movie: 5 for movie in (0, 2, 4, 6, 8, 10)})
SMALL = {**QUICK, "ncf_factors": 8, "ncf_epochs": 6, "ncf_rate": 0.02, "ncf_dropout": 0}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return worlds.checkerboard(tmp_path_factory.mktemp("ratings"))


def learn(home: Path, given: Dataset, work: Watched | None = None, **parameters: Any) -> PublicationReport:
    settings, options = Settings(home=home), Options.of({**SMALL, **parameters})
    return publication.learn(settings, given, options, work or Watched(), registry=wiring.models(settings), force=False)


@pytest.fixture(scope="module")
def both(given: Dataset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PublicationReport, Watched]:
    """A home with the blend with NCF as its published model."""
    home, work = tmp_path_factory.mktemp("both"), Watched()
    return home, learn(home, given, work, model="blend+ncf"), work


def test_ncf_is_published_with_its_weights_loss_and_configuration(
    both: tuple[Path, PublicationReport, Watched],
) -> None:
    home, report, work = both
    assert report.published
    loaded = wiring.models(Settings(home=home)).load()
    assert loaded.model.ncf is not None
    assert loaded.model.ncf.products.shape == (kit.MOVIES, 8)
    assert any("ncf" in step["weights"] for step in loaded.manifest["ladder"])
    assert {"ncf", "ncf, everything"} <= set(work.figures["loss"])
    assert len(work.figures["loss"]["ncf"]) <= 6
    assert work.figures["loss"]["ncf"][-1] < work.figures["loss"]["ncf"][0]
    assert loaded.manifest["parameters"]["model"] == "blend+ncf"
    assert loaded.manifest["recipes"]["ncf"]["shape"]["factors"] == 8
    assert wiring.models(Settings(home=home)).load_holdout_model(report.version).ncf is not None


def test_ncf_changes_the_scores_and_explains_them_by_the_users_movies(
    both: tuple[Path, PublicationReport, Watched],
) -> None:
    model = replace(both[1].model, schedule=blend.alone("ncf"))
    with_it, without = model.blend(EVEN), replace(model, ncf=None).blend(EVEN)
    assert not np.array_equal(with_it.total, without.total)
    terms = model.terms(EVEN, model.movies)
    np.testing.assert_allclose(terms.sum(axis=1) + with_it.common, with_it.total, atol=1e-3)
    liked = with_it.personal[model.rated]
    assert liked[0::2].mean() > liked[1::2].mean() + 1, "films of the own colour are liked for the viewer's own films"


def test_a_movie_unknown_to_ncf_gets_no_score_from_it(both: tuple[Path, PublicationReport, Watched]) -> None:
    model = replace(both[1].model, schedule=blend.alone("ncf"))
    blended = model.blend(EVEN)
    assert not blended.parts["ncf"][~model.rated].any()
    assert blended.parts["als"][~model.rated].all(), "the factors that its features map to speak for it"


@pytest.mark.parametrize("name", ["als", "ease", "ncf"])
def test_a_single_model_ranks_the_movies_that_it_knows(given: Dataset, tmp_path: Path, name: str) -> None:
    report = learn(tmp_path, given, model=name)
    assert report.published
    model = wiring.models(Settings(home=tmp_path)).load().model
    assert (model.ncf is not None) == (name == "ncf")
    assert bool(len(model.ease.movies)) == (name == "ease"), "EASE is fitted only where it is asked for"
    weights = model.schedule.weights(EVEN)
    assert set(weights) == {"als", name}
    assert weights[name] >= (1 if name == "als" else 5 * weights["als"])
    scorer: RankingModel = getattr(model, name)
    alone, served = scorer.scores(EVEN), model.blend(EVEN).total
    own = np.isin(model.movies, scorer.movies)
    assert np.corrcoef(alone, served[own])[0, 1] > 0.97


def test_the_setting_provides_the_default_model(given: Dataset, tmp_path: Path) -> None:
    choices = get_args(Settings.model_fields["model"].annotation)
    assert choices == PARAMETERS["model"].choices == tuple(local_fit.MODELS)
    movies, vectors = given.world.movies, given.world.vectors
    report = trainings.train(
        Settings(home=tmp_path, model="ease"),
        registry=wiring.models(Settings(home=tmp_path, model="ease")),
        store_snapshot=None,
        movies=movies,
        vectors=vectors,
        ratings_folder=None,
        watch=Watched(),
    )
    assert report.manifest["parameters"]["model"] == "ease"
    assert report.model.schedule == blend.alone("ease"), "nobody to choose by"


def test_a_training_interrupted_after_ncf_does_not_fit_it_again(given: Dataset, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        learn(tmp_path, given, Watched(stop_when=("stars", 1)), model="blend+ncf")
    kept = next((tmp_path / checkpoints.FOLDER).rglob("ncf-twin.npz"))
    before = kept.read_bytes()
    work = Watched()
    with pytest.raises(Cancelled):
        learn(tmp_path, given, _cut(work, "ncf, everything"), model="blend+ncf")
    assert "resuming a training that was interrupted after NCF was fitted" in work.said
    assert kept.read_bytes() == before
    assert "ncf" not in work.figures["loss"]


def _cut(work: Watched, curve: str) -> Watched:
    def check() -> None:
        if work.figures.get("loss", {}).get(curve):
            raise Cancelled("enough")

    work.check = check  # type: ignore[method-assign]
    return work


def test_a_damaged_checkpoint_is_fitted_again(given: Dataset, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        learn(tmp_path, given, Watched(stop_when=("stars", 1)), model="blend+ncf")
    kept = next((tmp_path / checkpoints.FOLDER).rglob("ncf-twin.npz"))
    kept.write_bytes(kept.read_bytes()[:1000])
    work = Watched()
    assert learn(tmp_path, given, work, model="blend+ncf").published
    assert "ncf" in work.figures["loss"]


def test_without_torch_a_training_fails_before_it_begins(
    given: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neural, "NEEDED", "a_package_that_nobody_has")
    work = Watched()
    with pytest.raises(ModelMissing, match=r"marquee\[neural\]"):
        learn(tmp_path, given, work, model="blend+ncf")
    assert not work.steps
    assert learn(tmp_path, given, model="blend").published


def test_a_model_with_ncf_is_served_without_torch(both: tuple[Path, PublicationReport, Watched]) -> None:
    home, _, _ = both
    script = (
        "import sys\nfrom pathlib import Path\nimport numpy as np\nfrom core.config import Settings\n"
        "from core.recommendations.records import History\nfrom engine import wiring\n"
        f"model = wiring.models(Settings(home=Path({str(home)!r}))).load().model\n"
        "ids = model.movies[:2]\n"
        "total = model.blend(History(ids, np.ones(2, np.float32), np.full(2, 5, np.float32))).total\n"
        "assert model.ncf is not None and np.isfinite(total).all()\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'torch'])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_model_without_ncf_and_user_features_still_serves(
    both: tuple[Path, PublicationReport, Watched], tmp_path: Path
) -> None:
    model = replace(both[1].model, ncf=None, schedule=blend.DEFAULT, calibration=Calibration())
    older_models.write(model, tmp_path, version=1, dtype=np.float32)
    with np.load(tmp_path / models.ARRAYS) as stored:
        arrays = {name: stored[name] for name in stored.files if not name.startswith("viewers_")}
    assert len(arrays) < len(stored.files)
    np.savez(tmp_path / models.ARRAYS, **arrays)
    told = json.loads((tmp_path / models.SETTINGS).read_text(encoding="utf-8"))
    del told["calibration"]["user"], told["calibration"]["slope"]
    (tmp_path / models.SETTINGS).write_text(json.dumps(told), encoding="utf-8")
    again = models.load(tmp_path)
    np.testing.assert_array_equal(again.blend(EVEN).total, model.blend(EVEN).total)
    np.testing.assert_array_equal(again.confidence(EVEN, model.movies), model.confidence(EVEN, model.movies))


def test_a_calibration_stored_with_the_old_name_of_user_weights_is_read(
    both: tuple[Path, PublicationReport, Watched], tmp_path: Path
) -> None:
    model = both[1].model
    models.save(model, tmp_path)
    told = json.loads((tmp_path / models.SETTINGS).read_text(encoding="utf-8"))
    assert told["calibration"]["user"]
    told["calibration"]["viewer"] = told["calibration"].pop("user")
    (tmp_path / models.SETTINGS).write_text(json.dumps(told), encoding="utf-8")
    assert models.load(tmp_path).calibration == model.calibration


def test_a_network_of_nan_is_never_published(both: tuple[Path, PublicationReport, Watched]) -> None:
    model = both[1].model
    assert model.ncf is not None
    biases = model.ncf.biases.copy()
    biases[0] = np.nan
    broken = replace(model, ncf=replace(model.ncf, biases=biases))
    assert holdout.sane(broken) == ("NCF's biases contain NaN or infinity",)
