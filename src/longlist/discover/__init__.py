"""Plan -> Candidates: what the sources come up with."""
