"""What Spark needs, and what is said if it is missing. Nothing here starts Spark."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core import config
from core.config import Settings
from core.errors import InvalidSettings, ServiceUnavailable
from engine.spark import java, session
from tests.data.database.servers import ROOT


def runtime(folder: Path, version: str) -> Path:
    """Make a folder with a program that says to be of a version."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    return folder


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


@pytest.mark.usefixtures("no_java")
def test_the_newest_of_the_installed_runtimes_is_used(tmp_path: Path) -> None:
    for name, version in (("java-8", "1.8.0_402"), ("java-17", "17.0.15"), ("jdk-25", "25.0.3"), ("jdk-21", "21.0.1")):
        runtime(tmp_path / "jvm" / name, version)
    assert java.home(tmp_path / "jvm") == tmp_path / "jvm" / "jdk-25"


@pytest.mark.usefixtures("no_java")
@pytest.mark.parametrize("versions", [(), ("1.8.0_402", "11.0.2")])
def test_without_a_new_enough_runtime_the_error_says_how_to_install_one(
    tmp_path: Path, versions: tuple[str, ...]
) -> None:
    for version in versions:
        runtime(tmp_path / "jvm" / version, version)
    with pytest.raises(InvalidSettings, match=r"Java 17 or newer, and none was found.*apt-get install openjdk-17"):
        java.home(tmp_path / "jvm")


def test_the_runtime_of_the_search_path_comes_before_other_installed_ones(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = runtime(tmp_path / "own", "17.0.1")
    runtime(tmp_path / "jvm" / "newer", "25")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", f"{own / 'bin'}{os.pathsep}/bin")
    assert java.home(tmp_path / "jvm") == own


def test_java_home_decides_and_an_old_one_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(runtime(tmp_path / "new", "21.0.1")))
    assert java.home() == tmp_path / "new"
    monkeypatch.setenv("JAVA_HOME", str(runtime(tmp_path / "old", "11.0.2")))
    with pytest.raises(InvalidSettings, match=r"JAVA_HOME=.*old is Java 11; Spark needs Java 17"):
        java.home()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "none"))
    with pytest.raises(InvalidSettings, match=r"is no Java runtime"):
        java.home()


@pytest.mark.parametrize("package", session.PACKAGES)
def test_a_missing_package_is_named_with_its_extra(package: str) -> None:
    code = (
        "import importlib.util, sys\n"
        "found = importlib.util.find_spec\n"
        "from engine.spark import session\n"
        f"session.find_spec = lambda name: None if name == {package!r} else found(name)\n"
        "from core import config\n"
        "session.check(config.load())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": os.environ["PATH"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f"Spark needs {package}, which is not installed; run `pip install 'marquee[spark]'`" in ended.stderr


@pytest.mark.spark
def test_a_master_that_does_not_answer_is_named_before_spark_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = session.check(Settings(trainer="spark", spark_master=f"spark://127.0.0.1:{port}"))
    assert said.endswith(f"master spark://127.0.0.1:{port}")
    dead = Settings(trainer="spark", spark_master=f"spark://127.0.0.1:{port}")
    with pytest.raises(ServiceUnavailable, match=rf"MARQUEE_SPARK_MASTER=.*127.0.0.1:{port} cannot be reached"):
        session.check(dead)


@pytest.mark.parametrize(
    "master", ["local", "local[2]", "local[*]", "spark://a:7077,b:7077", "yarn", "k8s://https://a:1"]
)
def test_masters_of_spark_are_accepted(master: str) -> None:
    assert config.load({"MARQUEE_SPARK_MASTER": master}).spark_master == master


@pytest.mark.parametrize(
    "master", ["local[0]", "localhost:7077", "spark://a", "spark://user:word@a:7077", "mesos://a:5050"]
)
def test_anything_else_is_an_invalid_setting(master: str) -> None:
    with pytest.raises(InvalidSettings, match="MARQUEE_SPARK_MASTER"):
        config.load({"MARQUEE_SPARK_MASTER": master})


def test_the_reason_of_a_failure_is_its_first_line_and_no_trace() -> None:
    java_said = (
        "An error occurred while calling o1.fit.\n: org.apache.spark.SparkException: Job aborted\n\tat a(B.scala)"
    )
    assert session.reason(RuntimeError(java_said)) == "org.apache.spark.SparkException: Job aborted"
    python_said = f"thrown from the worker:\n{session.TRACE}\n  File a, line 1\n    b()\ncore.errors.DataError: c\n"
    assert session.reason(RuntimeError(python_said)) == "core.errors.DataError: c"
    assert session.reason(RuntimeError()) == "RuntimeError"
