"""Clocks of a mediation: like those of a case, for a track, a party, a session or a promise."""

from workflows.contracts.clocks import Clock


class MediationClock(Clock):
    """`about` says what it is for: track `K1`, party `K1P2`, session `S3`, promise `I4`; None for the mediation."""

    about: str | None = None

    @property
    def id(self) -> str:
        """`plan`, `plan#2` for a second round, `K1/mediation` for a track's clock."""
        name = self.name.value if self.round == 1 else f"{self.name}#{self.round}"
        return f"{self.about}/{name}" if self.about else name
