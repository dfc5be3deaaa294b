"""`yingshao city`: packs, and the systems of units."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_import import yingshao

SECRET = "whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0"  # noqa: S105 - signs nothing outside this test


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        yield Path(folder) / "data"


@pytest.mark.parametrize(
    ("endpoint", "secret", "complaint"),
    [("ftp://x", SECRET, "--endpoint"), ("http://127.0.0.1:1/signals", "whsec_!", "--secret")],
)
def test_a_connection_that_cannot_work_is_wrong_use(endpoint: str, secret: str, complaint: str, data_dir: Path) -> None:
    done = yingshao("city", "connect", "housing", "--endpoint", endpoint, "--secret", secret, data_dir=data_dir)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert not data_dir.exists()


def test_a_unit_of_the_city_is_connected_and_a_stranger_is_not(running: Path) -> None:
    asked = ("--endpoint", "http://127.0.0.1:1/signals", "--secret", SECRET)
    done = yingshao("city", "connect", "housing", *asked, data_dir=running)
    assert (done.returncode, done.stdout) == (0, "housing is connected\n"), done.stderr
    stranger = yingshao("city", "connect", "nobody", *asked, data_dir=running)
    assert stranger.returncode == 2
    assert "the city has no unit nobody" in stranger.stderr
