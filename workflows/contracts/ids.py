"""How things are numbered. Ids say where and when, never who."""

from typing import Annotated, NewType

from pydantic import StringConstraints

CaseNo = Annotated[str, StringConstraints(pattern=r"^\d{6}\d{8}\d{4,9}$")]
"""`{region 6}{yyyymmdd}{sequence}`, unique for ever."""
TaskNo = Annotated[str, StringConstraints(pattern=r"^\d{18,23}-T\d{1,3}$")]
"""`{case_no}-T{n}`."""
NoticeNo = Annotated[str, StringConstraints(pattern=r"^\d{18,23}-N\d{1,3}$")]
"""`{case_no}-N{n}`."""
ReferralNo = Annotated[str, StringConstraints(pattern=r"^\d{18,23}-R\d{1,3}$")]
"""`{case_no}-R{n}`."""
MediationNo = Annotated[str, StringConstraints(pattern=r"^\d{18,23}-M\d{1,3}$")]
"""`{case_no}-M{n}`."""
RegionCode = Annotated[str, StringConstraints(pattern=r"^(\d{12}|\d{15})$")]
"""12 digits (6 county + 3 township + 3 village); a grid adds 3 more."""
UnitId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
TextId = NewType("TextId", str)
"""Refers to words that people wrote; the words themselves stay in the database."""

CASE_WORKFLOW = "CaseWorkflow"
MEDIATION_WORKFLOW = "MediationWorkflow"

CITY_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS, GRID_DIGITS = 4, 6, 9, 12, 15
"""How many digits of a region's code say where it is, by its level; the rest are zeros."""


def workflow_id(case_no: str) -> str:
    """The id of the one workflow that carries the case."""
    return f"case/{case_no}"


def mediation_workflow_id(mediation_no: str) -> str:
    """The id of the one workflow that carries the mediation."""
    return f"mediation/{mediation_no}"


def case_of(number: str) -> str:
    """The case that a task, notice or mediation belongs to."""
    return number.partition("-")[0]


def task_no(case_no: str, n: int) -> str:
    """The number of a case's n-th task."""
    return f"{case_no}-T{n}"


def notice_no(case_no: str, n: int) -> str:
    """The number of a case's n-th formal notice."""
    return f"{case_no}-N{n}"


def referral_no(case_no: str, n: int) -> str:
    """The number of a case's n-th referral."""
    return f"{case_no}-R{n}"


def mediation_no(case_no: str, n: int) -> str:
    """The number of a case's n-th mediation."""
    return f"{case_no}-M{n}"


def region_prefix(code: str) -> str:
    """The digits that every region inside this one starts with: trailing groups of zeros mean "all of it".

    `320000000000`-like codes keep four digits (a city), counties six, townships nine, villages twelve, grids fifteen.
    """
    if len(code) == GRID_DIGITS:
        return code
    for keep in (CITY_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS):
        if not code[keep:].strip("0"):
            return code[:keep]
    return code
