"""What is said while a command is not over: questions, their cards, and words: `chatops_runtime.contracts.asking`."""
