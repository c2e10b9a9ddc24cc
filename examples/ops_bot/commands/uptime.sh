#!/bin/sh
# Seconds since boot, in days, hours and minutes; the load behind it.
read -r seconds _ < /proc/uptime
seconds=${seconds%.*}
printf 'up %dd %dh %dm, load %s\n' \
  "$((seconds / 86400))" "$((seconds % 86400 / 3600))" "$((seconds % 3600 / 60))" "$(cut -d ' ' -f 1-3 /proc/loadavg)"
