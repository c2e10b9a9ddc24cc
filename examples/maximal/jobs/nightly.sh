#!/bin/sh
# Run Command runs scripts as root.
set -eu
sudo -u app /srv/app/bin/nightly
