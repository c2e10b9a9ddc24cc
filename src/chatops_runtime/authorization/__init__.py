"""Who may do what: rules as data, judged as far as possible without a call, and by asking Slack where it is not."""
