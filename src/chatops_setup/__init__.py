"""Sets a deployed app up in Slack and AWS, and finds out what is wrong with it: the command `chatops-constructs`.

It reads the stack, as CloudFormation has it, and needs nothing of the app's source. Of the other packages it knows the
contracts alone, and how the terminal is written to.
"""
