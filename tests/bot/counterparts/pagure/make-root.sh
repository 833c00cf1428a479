#!/bin/sh
# Makes the root of a Debian that has Pagure, in FOLDER: 640 MB, some minutes, as root, with debootstrap.
# Pagure is in no registry of packages, and of Debian only in 13 (trixie); so it comes with its own Debian.
#     sudo tests/bot/counterparts/pagure/make-root.sh FOLDER
set -eu
root=$1
debootstrap --variant=minbase --include=ca-certificates trixie "$root.new"
mount --bind /dev "$root.new/dev"
mount -t proc proc "$root.new/proc"
trap 'umount "$root.new/dev" "$root.new/proc"' EXIT
printf '#!/bin/sh\nexit 101\n' >"$root.new/usr/sbin/policy-rc.d"
chmod +x "$root.new/usr/sbin/policy-rc.d"
DEBIAN_FRONTEND=noninteractive chroot "$root.new" apt-get install -y --no-install-recommends pagure redis-server
umount "$root.new/dev" "$root.new/proc"
trap - EXIT
mv "$root.new" "$root"
