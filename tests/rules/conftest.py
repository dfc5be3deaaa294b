"""What the stories about cases begin with."""

import pytest

from tests.rules.case_builder import CaseBuilder, registered


@pytest.fixture
def given() -> CaseBuilder:
    """A case of kind help, registered at a village centre on Monday 2 March 2026 at 09:00."""
    return registered()
