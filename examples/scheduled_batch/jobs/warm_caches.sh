#!/bin/sh
# Stands for a request to each page that has to be fast.
set -eu
for page in / /search /cart; do
  echo "warmed $page"
done
