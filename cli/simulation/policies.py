"""Which policy is meant: a file, or a policy or preset that comes along, by its name."""

from pathlib import Path

from infra.cities.faults import CityPackFault
from infra.cities.load import YUNJIANG
from infra.policies.reading import read_policy
from infra.policies.written import PolicyFile, SelectionRule
from workflows.contracts.policy import CasePolicy
from workflows.contracts.vocabulary import CaseKind, ClockName, Urgency

_SHIPPED = YUNJIANG / "policies"
_SOURCE = "import"
_KEPT = (ClockName.CITIZEN, ClockName.LEVEL)
"""The resident's own clock, and that of each level it climbs to: of what went on inside, past matters tell nothing."""


class UnusablePolicy(Exception):  # noqa: N818 - says what is the matter
    """No such policy, or a faulty one; each line of the message is one thing to mend."""


class TrialPolicy:
    """A policy under its name, as it applies to matters of which no more than the class is known."""

    def __init__(self, name: str, written: PolicyFile) -> None:
        self.name = name
        self._written = written
        self._resolved: dict[str | None, CasePolicy] = {}

    def for_class(self, category: str | None) -> CasePolicy:
        """What an ordinary request for help of that class gets, cut down to the clocks that past matters can tell."""
        if category not in self._resolved:
            whole = self._written.resolve(_SOURCE, CaseKind.HELP, Urgency.ORDINARY, category)
            limits = {name: whole.case_limits[name] for name in _KEPT}
            self._resolved[category] = whole.model_copy(update={"case_limits": limits, "task_presets": {}})
        return self._resolved[category]


def find_policy(name: str) -> TrialPolicy:
    """The policy file of that path; else the shipped policy of that name, which chooses a preset by class; else the
    shipped preset of that name, for every matter.

    Raises:
        UnusablePolicy: if there is none, or it is faulty.
    """
    path = Path(name)
    if path.is_file():
        try:
            return TrialPolicy(name, read_policy(path))
        except CityPackFault as error:
            lines = (f"{path.with_name(fault.file)}:{fault.line}: {fault.reason}" for fault in error.faults)
            raise UnusablePolicy("\n".join(lines)) from None
    shipped = {file.stem: file for file in sorted(_SHIPPED.glob("*.yaml"))}
    if name in shipped:
        return TrialPolicy(name, read_policy(shipped[name]))
    policies = [read_policy(file) for file in shipped.values()]
    by_name = {policy.name: policy for policy in policies}
    if name in by_name:
        return TrialPolicy(name, by_name[name])
    presets = {preset: policy for policy in policies for preset in policy.presets}
    if name in presets:
        everything = (SelectionRule(preset=name),)
        return TrialPolicy(name, presets[name].model_copy(update={"selection": everything}))
    known = ", ".join(sorted({*by_name, *presets}))
    raise UnusablePolicy(f"no policy file, policy or preset {name!r}; known: {known}")
