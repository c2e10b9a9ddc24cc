#!/bin/sh
# Does what the files in the instance's directory say, and leaves a line there for each time that it runs.
echo "$CHATOPS_TASK $CHATOPS_SCHEDULED_AT" >> runs
while [ -e hold ]; do sleep 0.05; done
[ ! -e says ] || cat says
[ ! -e exit-code ] || exit "$(cat exit-code)"
