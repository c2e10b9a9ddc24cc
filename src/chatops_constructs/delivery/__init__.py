"""From a push to production: a pipeline, its approvals, and what it tells."""
