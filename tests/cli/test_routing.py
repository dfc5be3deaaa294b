"""`yingshao routing train` on an installation of its own."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.installation import reachable
from infra.database import database
from tests.cli.test_import import yingshao
from tests.routing.decided_cases import decided, enter


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        yield Path(folder) / "data"


async def test_training_says_how_good_it_is_beside_what_it_has_to_beat(data_dir: Path) -> None:
    refused = yingshao("routing", "train", data_dir=data_dir)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[-1].endswith("0 decided cases with a class are too few; train when there are 50")
    async with (
        reachable(data_dir, "tests", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions.begin() as session,
    ):
        await enter(session, decided(20))
    done = yingshao("routing", "train", "--json", data_dir=data_dir)
    assert done.returncode == 0, done.stderr
    assert "right on held-out decisions" in done.stdout
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told) == {"top_class", "class", "lead_unit"}
    assert told["top_class"]["decisions"] == 60
    assert told["top_class"]["accuracy"] > told["top_class"]["most_frequent"]
    assert {"keywords", "keyword_rule"} <= set(told["top_class"])
