import asyncio
import json
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import Iterator
from pathlib import Path

import pytest

PATIENCE = 150.0
HEADER = "external_id,title,text,submitted_at,kind,urgency,region_code,category\n"
# The places decide how the stories go: the first result does not stand (0), one is accepted late (4).
APPEALS = HEADER + (
    "1,楼道有燃气味,请来查漏。,2026-03-02T09:00:00,hazard,emergency,990102001010,城乡建设/城市建设和市政管理/燃气供应\n"
    "2,夜间采砂,请夜间来查。,2026-03-02T09:00:00,tip_off,urgent,990121200204,国土资源/矿产资源管理/矿产开采\n"
    "3,落户要哪些材料,请告知。,2026-03-02T09:00:00,inquiry,ordinary,990102001000,政法/户籍证件/户籍管理\n"
    "4,村干部冒领补助,请核查。,2026-03-02T09:00:00,tip_off,important,990123202203,纪检监察/贪污贿赂/贪污\n"
    "5,图书馆闭馆太早,建议延长。,2026-03-02T09:00:00,suggestion,ordinary,990102000000,教育文体/文化/公共文化\n"
    "6,,没有标题。,2026-03-02T09:00:00,help,ordinary,,\n"
    "7,种子不发芽,要求赔偿。,2026-03-02T09:00:00,dispute,important,990123201203,农村农业/农资农技/农资价格质量\n"
)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Not below pytest's own folder: as root, the database's user has to be able to pass."""
    with tempfile.TemporaryDirectory(prefix="yingshao-test-") as folder:
        yield Path(folder) / "data"


async def _demo(*options: str) -> tuple[int | None, str, str]:
    program = (sys.executable, "-P", "-m", "cli.main", "demo", *options)
    process = await asyncio.create_subprocess_exec(*program, stdout=PIPE, stderr=PIPE)
    try:
        out, error = await asyncio.wait_for(process.communicate(), PATIENCE)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    return process.returncode, out.decode(), error.decode()


async def test_every_case_of_the_demo_ends_and_none_is_lost(data_dir: Path, tmp_path: Path) -> None:
    appeals = tmp_path / "appeals.csv"
    appeals.write_text(APPEALS, encoding="utf-8")
    options = ("--cases", "0", "--file", str(appeals), "--exit", "--json", "--data-dir", str(data_dir))
    code, out, error = await _demo(*options)
    assert code == 0, error
    assert f"{appeals}:7: title is empty" in error
    summary = json.loads(out.splitlines()[-1])
    assert (summary["cases"], summary["ended"], summary["lost"], summary["refused"]) == (6, 6, 0, 0)
    assert summary["outcomes"] == {"closed": 5, "declined": 1}
    assert (summary["mediations"], summary["confirmed"]) == ({"fulfilled": 1}, 1)
    assert summary["reworked"] == 1
    assert summary["overdue"] >= 1
    # One department's software has no place for mining: tried again, then told by telephone.
    assert (summary["retried"], summary["skipped"]) == (1, 1)
    assert summary["mishaps"] == {"云江市自然资源和规划局": {"422": 2}}


@pytest.mark.parametrize("content", [None, "a,b\n1,2\n", HEADER])
async def test_a_file_with_nothing_to_report_is_refused_before_anything_starts(
    data_dir: Path, tmp_path: Path, content: str | None
) -> None:
    appeals = tmp_path / "appeals.csv"
    if content is not None:
        appeals.write_text(content, encoding="utf-8")
    code, out, error = await _demo("--file", str(appeals), "--exit", "--data-dir", str(data_dir))
    assert code == 2
    assert out == ""
    assert str(appeals) in error
    assert error.count("\n") == 1
    assert not await asyncio.to_thread(data_dir.exists)
