"""Named errors of the allocation kernel. Each message ends with a way out."""


class AllocationError(Exception):
    """Anything the allocation refuses to do. `way_out` is the sentence that says what to change."""

    def __init__(self, problem: str, way_out: str) -> None:
        super().__init__(f"{problem} {way_out}")
        self.problem = problem
        self.way_out = way_out


class InputError(AllocationError):
    """Departments, classes or amounts that do not fit together."""


class DriverError(AllocationError):
    """A driver whose values cannot be used as weights."""


class PolicyError(AllocationError):
    """A policy that names an unknown method, driver or setting."""


class OrderError(PolicyError):
    """A step-down order that names unknown departments or gives twice without leave."""


class IdentityBroken(AllocationError):
    """Money was lost, doubled or moved the wrong way: a bug, or a table that was never right.

    `identity` is I1..I5, `difference` the largest deviation in fen, `where` its place.
    """

    def __init__(self, identity: str, difference: int, where: str) -> None:
        super().__init__(
            f"Identity {identity} does not hold: off by {difference} fen at {where}.",
            "Nothing was published. Compare the steps around that place; if the inputs are right, report it"
            " with the snapshot id.",
        )
        self.identity = identity
        self.difference = difference
        self.where = where
