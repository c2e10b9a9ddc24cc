"""Who may do what: the one table of checkable requests, and the judgement of roles by it."""
