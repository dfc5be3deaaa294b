"""What the stories about cases begin with."""

import pytest
from hypothesis import settings

from tests.rules.case_builder import CaseBuilder, registered

# What holds is tested, not how fast the machine is that it is tested on.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def given() -> CaseBuilder:
    """A case of kind help, registered at a village centre on Monday 2 March 2026 at 09:00."""
    return registered()
