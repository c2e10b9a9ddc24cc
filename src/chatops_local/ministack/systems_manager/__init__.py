"""Systems Manager: parameters are MiniStack's, Run Command and its documents are ours."""
