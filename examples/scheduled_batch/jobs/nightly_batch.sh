#!/bin/sh
set -eu
echo "batch for $CHATOPS_SCHEDULED_AT on $(hostname)"
