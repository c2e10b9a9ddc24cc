#!/bin/sh
# Stands for the batch: what is to be done once a night, by one instance.
set -eu
echo "the batch of $CHATOPS_SCHEDULED_AT runs on $(hostname)"
