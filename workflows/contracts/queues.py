"""Task queues: where which work is done."""

CASES = "cases"
"""Workflows and their records."""
DEPARTMENTS = "departments"
"""Calls to department systems, with a rate limit of their own."""
