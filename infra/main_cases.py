"""The cases that another goes on in."""

from sqlalchemy import CTE, select
from sqlalchemy.orm import aliased

from infra.tables import Case


def mains_from(case_no: str) -> CTE:
    """The case and those in which it goes on, each in the next, however many.

    The columns are `case_no` and `main`, null for the last.
    """
    first = select(Case.case_no, Case.snapshot["merged_into"].astext.label("main")).where(Case.case_no == case_no)
    mains = first.cte("mains", recursive=True)
    further = aliased(Case)
    return mains.union(
        select(further.case_no, further.snapshot["merged_into"].astext).where(further.case_no == mains.c.main)
    )
