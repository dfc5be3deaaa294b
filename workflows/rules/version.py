"""The version of what `decide`, `evolve` and the clock arithmetic return.

Raise it with every change to what they return, and keep the old branch until no open case uses it: replay runs them
again, and a case keeps the version of its run (`state.rules_version`).
"""

RULES_VERSION = 4
"""1: the foundation. 2: notices wait for the office hours of the unit. 3: formal notices; the level that has a case
decides; co-units report to the lead; the second dissatisfaction is not closed by a callback. 4: risk by rules, and
what it asks for; danger; limitation periods; mediation."""
