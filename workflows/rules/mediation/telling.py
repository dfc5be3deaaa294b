"""What the case learns of its mediation: told whenever owner, day or status is another one than it knows."""

from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.effect_events import EffectRequested
from workflows.contracts.effects import SendCommand
from workflows.contracts.mediation.of_case import FollowMediation
from workflows.contracts.mediation.state import Told
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ownership import due_date, owner


def tell_case(d: Hearing) -> None:
    """Sends the case how the mediation stands, if it does not know."""
    sought = [track for track in d.state.tracks.values() if not track.fact_finding]
    stands = Told(
        status=d.state.status,
        owner=owner(d.state),
        due=due_date(d.state),
        applied=any(track.applied_at is not None or track.taken_up_at is not None for track in sought),
    )
    if stands == d.state.told:
        return
    seq = d.state.seq + 1
    follow = FollowMediation(
        command_id=f"{d.state.mediation_no}/{seq}",
        actor=CLOCKWORK,
        mediation_no=d.state.mediation_no,
        seq=seq,
        status=stands.status,
        owner_role=stands.owner.role if stands.owner else None,
        owner_unit=stands.owner.unit_id if stands.owner else None,
        due=stands.due,
        applied=stands.applied,
        remedy=d.state.remedy,
    )
    effect = SendCommand(id=f"{d.state.mediation_no}-E{seq}", to_case_no=d.state.case_no, command=follow)
    d.record(EffectRequested(effect=effect))
