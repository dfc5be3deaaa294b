"""Parts of the product as processes of their own, as a real deployment runs them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.installation import Installation

TOKEN_SECRET = "signs tokens of this test and of nothing else"  # noqa: S105 - worth nothing elsewhere


@contextmanager
def part(
    name: str, place: Installation, temporal_address: str, log: Path, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """`yingshao NAME` on the installation, killed at the end; all that it says goes to the log."""
    environment = {
        "YINGSHAO_DATABASE_URL": place.database_url,
        "YINGSHAO_TEMPORAL_ADDRESS": temporal_address,
        "YINGSHAO_TEMPORAL_NAMESPACE": place.namespace,
        "YINGSHAO_TOKEN_SECRET": TOKEN_SECRET,
        "YINGSHAO_POLICY": "yunjiang",
        **settings,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli.main", name],
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
