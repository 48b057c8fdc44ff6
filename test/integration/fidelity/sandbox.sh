#!/bin/bash
# Runs commands on a machine of its own: /opt holds the files given and nothing else, the rest is read-only,
# nobody else's process is to be seen, and what is started is gone at the end. $1 is a directory with root/
# (files below /), bin/ (programs that stand in for the machine's), commands, and records/ for what the workers
# say; inside it is /opt/sandbox.
set -eu
base=$1
mount --make-rprivate /
mount -t tmpfs sandbox /opt
cp -a "$base/root/opt/." /opt/
mkdir /opt/sandbox
mount --bind "$base" /opt/sandbox
mount -t tmpfs -o mode=1777 sandbox /tmp
mount -o remount,bind,ro /
cd /
exec env -i PATH=/opt/sandbox/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C bash /opt/sandbox/commands
