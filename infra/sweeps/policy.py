"""The figures that a city orders its sweeps by, each with its source; `city.yaml` names its own under `sweeps`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from infra.policies.written import Source

_STRICT = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Figure(BaseModel):
    """A whole number and where it comes from."""

    model_config = _STRICT

    value: Annotated[int, Field(ge=1, le=1_000)]
    source: Source


class Share(Figure):
    """Percent."""

    value: Annotated[int, Field(ge=0, le=100)]


def _default(value: int, why: str) -> Figure:
    return Figure(value=value, source=f"[default] {why}")


class SweepPolicy(BaseModel):
    """What puts a place on the list by the record, what is checked, and how the days are divided.

    A village has trouble in a class of matters if it had `trouble_cases` there within `trouble_months`.
    `sample` is how many percent of what was settled below are checked at the highest level of the sweep. Its working
    days are divided in these parts: the village's first, then the township's, the rest for the county.
    """

    model_config = _STRICT

    trouble_cases: Figure = _default(3, "多发矛盾：同村（社区）同类事项件数")
    trouble_months: Figure = _default(12, "多发矛盾：统计月数")
    sample: Share = Share(value=20, source="[default] 县级抽查比例")
    village_part: Figure = _default(1, "联排联调：村级排查用时份数")
    township_part: Figure = _default(1, "联排联调：乡级核处用时份数")
    county_part: Figure = _default(1, "联排联调：县级抽查用时份数")
