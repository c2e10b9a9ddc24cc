"""How a script went on its instances, for people: the `run_command` result of `chatops_runtime.contracts.report`."""
