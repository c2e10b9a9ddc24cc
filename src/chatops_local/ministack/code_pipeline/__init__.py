"""CodePipeline, as far as an approval from Slack and notices of a pipeline need it: nothing is built or deployed."""
