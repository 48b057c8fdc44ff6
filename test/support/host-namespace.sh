#!/bin/bash
# Process 1 of a simulated host: builds a private root out of this machine's files, says "ready", and sleeps
# until its standard input ends. Runs in mount, UTS and PID namespaces of its own, so whatever it mounts or
# starts is gone with it. Few processes, all mounts by one: fifty hosts are started at once.
set -eu
fail() { printf 'cannot %s\n' "$1" >&2; exit 1; }

name=$1 address=$2 base=$3 layer=$4
work=$base/work root=$base/work/root
# The /proc of the machine, where this process has the number that the outside knows.
read -r outside _ </proc/self/stat
mount -t tmpfs -o mode=755 simulated "$work" || fail 'mount a tmpfs'

# Directories of this machine that a host sees, and those that it has for itself.
views=() links=() owns=(boot home mnt opt srv)
for entry in /*; do
  if [[ -L $entry ]]; then links+=("$entry"); continue; fi
  case $entry in
    /etc | /usr | /var | /bin | /sbin | /lib | /lib32 | /lib64 | /libx32) views+=("${entry#/}") ;;
  esac
done
mkdir -p "${views[@]/#/$root/}" "${owns[@]/#/$root/}" "${views[@]/#/$work/upper/}" "${views[@]/#/$work/scratch/}" \
  "$root"/{proc,sys,dev/pts,dev/shm,run/systemd/system,run/lock,root,tmp,.outside} \
  "$work"/{hw,upper/{hw,sys},scratch/{hw,sys},live/kernel/random,local/{bin,lib,sbin,share}}
chmod 700 "$root/root"
chmod 1777 "$root/tmp" "$root/dev/shm"
cp -P "${links[@]}" "$root/"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
ln -s pts/ptmx "$root/dev/ptmx"

# pivot_root wants a mount of its own.
mount --bind "$root" "$root"

table=''
entry() { table+="$1 $2 $3 $4 0 0"$'\n'; }
# $2: the layers below, the first wins. What the host writes goes to $1 of upper.
overlay() { entry simulated "$3" overlay "lowerdir=$2,upperdir=$work/upper/$1,workdir=$work/scratch/$1$FCOPS_OVERLAY"; }

for directory in "${views[@]}"; do
  lower=/$directory
  [[ ! -d $layer/$directory ]] || lower=$layer/$directory:$lower
  # A disk to fill: what is written here goes to a tmpfs of that size.
  for limit in $FCOPS_LIMITS; do
    [[ ${limit%%=*} == "/$directory" ]] || continue
    mkdir "$work/limit-$directory"
    mount -t tmpfs -o "size=${limit#*=}" simulated "$work/limit-$directory"
    mkdir "$work/limit-$directory"/{upper,scratch}
    rmdir "$work/upper/$directory" "$work/scratch/$directory"
    ln -s "$work/limit-$directory/upper" "$work/upper/$directory"
    ln -s "$work/limit-$directory/scratch" "$work/scratch/$directory"
  done
  overlay "$directory" "$lower" "$root/$directory"
done
# What somebody installed by hand on this machine, perhaps under the name of a stand-in, is on no host.
[[ ! -d /usr/local ]] || entry "$work/local" "$root/usr/local" none bind
for directory in "${owns[@]}"; do
  for limit in $FCOPS_LIMITS; do
    [[ ${limit%%=*} == "/$directory" ]] || continue
    mount -t tmpfs -o "size=${limit#*=},mode=755" simulated "$root/$directory"
  done
done
if ! cp -a /dev/{null,zero,full,random,urandom,tty} "$root/dev/" 2>/dev/null; then
  for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    entry "/dev/$device" "$root/dev/$device" none bind
  done
fi
[[ ! -d $layer/dev ]] || cp "$layer/dev"/* "$root/dev/"
entry devpts "$root/dev/pts" devpts newinstance,ptmxmode=0666,mode=620

# The kernel's settings are one for the whole machine: a host writes into a copy of its own.
entry proc "$root/proc" proc defaults
live=(kernel/hostname kernel/domainname kernel/random/uuid)
for key in "${live[@]}"; do
  : >"$work/live/$key"
  entry "$root/proc/sys/$key" "$work/live/$key" none bind
done
overlay sys "$base/sys" "$root/proc/sys"
for key in "${live[@]}"; do entry "$work/live/$key" "$root/proc/sys/$key" none bind; done
[[ ! -e /proc/sysrq-trigger ]] || entry /dev/null "$root/proc/sysrq-trigger" none bind

entry /sys "$root/sys" none "$FCOPS_BIND,ro"
if [[ -d $layer/sys ]]; then
  overlay hw "$layer" "$work/hw"
  for part in sys/devices/system/cpu sys/devices/system/node sys/bus/pci/devices sys/block proc/{cpuinfo,meminfo,cmdline}; do
    [[ ! -e /$part ]] || entry "$work/hw/$part" "$root/$part" none bind
  done
fi
if [[ -n $FCOPS_RAID0 ]]; then
  mkdir "$root/opt/raid0"
  entry /dev/md0 "$root/opt/raid0" tmpfs "size=$FCOPS_RAID0,mode=755"
fi
echo "$table" >"$work/fstab"
mount -a -T "$work/fstab" >&2 || fail 'mount the views of the host'

for directory in "${owns[@]}"; do
  [[ ! -d $layer/$directory ]] || cp -a "$layer/$directory/." "$root/$directory"
done
# Lines of "bytes path": files that take no room, for what is a hundred gigabytes on a real host.
while read -r bytes path; do
  [[ -n $path ]] || continue
  mkdir -p "$root${path%/*}"
  truncate -s "$bytes" "$root$path"
done <<<"$FCOPS_SPARSE"
rm -f "$root"/etc/{machine-id,hostname,hosts}
# Packages of a simulated host come from its stand-in: nobody asks a server of this machine's sources.
rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/*
read -r boot <"$root/proc/sys/kernel/random/uuid"
echo "$boot" >"$root/proc/sys/kernel/random/boot_id"
echo "${boot//-/}" >"$root/etc/machine-id"
echo "$name" >"$root/etc/hostname"
printf '127.0.0.1 localhost\n%s %s\n' "$address" "$name" >"$root/etc/hosts"
hostname "$name"
for pair in $FCOPS_USERS; do
  user=${pair%%=*}
  echo "$user:x:1234:1234::/home/$user:/bin/bash" >>"$root/etc/passwd"
  echo "$user:x:1234:" >>"$root/etc/group"
  echo "$user:$FCOPS_PASSWORD_HASH:19000:0:99999:7:::" >>"$root/etc/shadow"
  install -d -o 1234 -g 1234 -m 755 "$root/home/$user"
  case ${pair#*=} in
    free) rule='NOPASSWD: ALL' ;;
    password) rule=ALL ;;
    *) continue ;;
  esac
  mkdir -p "$root/etc/sudoers.d"
  echo "$user ALL=(ALL) $rule" >"$root/etc/sudoers.d/simulated"
  chmod 440 "$root/etc/sudoers.d/simulated"
done

cd "$root"
pivot_root . .outside
# The views keep what they need of it.
umount -l /.outside
rmdir /.outside
cd /
unset "${!FCOPS_@}"
# By this fcops knows a machine that systemd started.
printf systemd >/proc/self/comm
echo "ready $outside"
exec >/dev/null 2>&1
while read -r _; do :; done
