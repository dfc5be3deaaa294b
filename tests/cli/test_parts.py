"""The commands as processes of their own: what they load, and when they refuse to start."""

import os
import subprocess
import sys

import pytest

from tests.conftest import Servers

HEAVY = ("fastapi", "sqlalchemy", "temporalio", "httpx")


def test_a_short_command_loads_only_what_it_needs() -> None:
    arguments = ["deadline", "--start", "2026-02-13T16:40", "--limit", "5 working_days"]
    program = f"import sys, cli.main as m; m.run(m.application({arguments}), {arguments}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    answer, loaded = done.stdout.splitlines()
    assert '"due_date": "2026-02-27"' in answer
    assert not set(HEAVY) & set(loaded.split())


@pytest.mark.parametrize("name", ["api", "worker"])
def test_a_part_refuses_a_database_that_was_not_migrated(servers: Servers, name: str) -> None:
    environment = {
        "YINGSHAO_DATABASE_URL": servers.database_url,
        "YINGSHAO_TEMPORAL_ADDRESS": servers.temporal_address,
        "YINGSHAO_TOKEN_SECRET": "signs nothing, for it never comes to that",
    }
    done = subprocess.run(
        [sys.executable, "-P", "-m", "cli.main", name],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "the database is not up to date; run: yingshao migrate"
