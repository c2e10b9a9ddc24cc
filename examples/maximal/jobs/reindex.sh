#!/bin/sh
# What was typed after the command is data, as long as it has its quotes.
set -eu
echo "$CHATOPS_USER_NAME asked for the collection '$CHATOPS_TEXT'"
/srv/search/bin/reindex --collection "$CHATOPS_TEXT"
