import os
import stat
from pathlib import Path

import pytest

from infra.embedded.data_directory import DataDirectory, RunningInstance
from infra.embedded.errors import DataDirectoryInUseError, DataDirectoryUnusableError

INSTANCE = RunningInstance(
    pid=os.getpid(), database_url="postgresql+asyncpg://x", temporal_address="127.0.0.1:1", api_url="http://127.0.0.1:2"
)


async def test_a_second_holder_is_told_who_has_the_directory(directory: DataDirectory) -> None:
    async with directory.held("yingshao up"):
        with pytest.raises(DataDirectoryInUseError) as refused:
            async with DataDirectory(directory.path).held("yingshao up"):
                pass
    assert refused.value.exit_code == 2
    assert f"process {os.getpid()} (yingshao up)" in str(refused.value)
    assert "\n" not in str(refused.value)


async def test_a_directory_that_was_let_go_can_be_held_again(directory: DataDirectory) -> None:
    for _ in range(2):
        async with directory.held("yingshao up"):
            pass


async def test_a_published_instance_is_found_only_while_the_lock_is_held(directory: DataDirectory) -> None:
    async with directory.held("yingshao up"):
        assert directory.running() is None
        directory.publish(INSTANCE)
        assert DataDirectory(directory.path).running() == INSTANCE
    assert directory.running() is None


async def test_what_a_killed_holder_published_is_not_believed(directory: DataDirectory) -> None:
    directory.publish(INSTANCE)
    assert directory.running() is None
    async with directory.held("yingshao import"):
        assert directory.running() is None


async def test_looking_whether_an_installation_runs_does_not_keep_one_from_starting(directory: DataDirectory) -> None:
    assert directory.running() is None
    async with directory.held("yingshao up"):
        assert directory.running() is None


def test_nothing_is_running_where_there_is_no_directory(data_dir: Path) -> None:
    assert DataDirectory(data_dir).running() is None
    assert not data_dir.exists()


def test_the_token_secret_is_made_once_and_private(data_dir: Path) -> None:
    first, second = DataDirectory(data_dir).token_secret(), DataDirectory(data_dir).token_secret()
    assert first == second
    assert len(bytes.fromhex(first)) == 32
    assert stat.S_IMODE((data_dir / "token-secret").stat().st_mode) == 0o600
    assert [path.name for path in data_dir.iterdir() if path.is_file()] == ["token-secret"]


async def test_what_tells_others_is_private(directory: DataDirectory) -> None:
    async with directory.held("yingshao up"):
        directory.publish(INSTANCE)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in directory.path.iterdir()}
    assert modes == {"lock": 0o600, "running.json": 0o600, "temporal": 0o700, "logs": 0o700}


def test_a_file_in_the_way_is_one_clear_line(data_dir: Path) -> None:
    data_dir.write_text("not a folder")
    with pytest.raises(DataDirectoryUnusableError, match="choose another --data-dir"):
        DataDirectory(data_dir).create()


def test_a_folder_of_another_user_is_left_alone(data_dir: Path) -> None:
    if os.geteuid() != 0:
        return
    data_dir.mkdir()
    os.chown(data_dir, 65534, 65534)
    with pytest.raises(DataDirectoryUnusableError, match="belongs to another user"):
        DataDirectory(data_dir).create()
    assert list(data_dir.iterdir()) == []
