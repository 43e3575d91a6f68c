#!/usr/bin/env bash
# Unpacks a MySQL 9.7 server, with the C library it was built for, into .tools/mysql97. Debian 12 carries MariaDB only; Debian's
# unstable suite carries MySQL. Nothing on the system changes. The mirror is the one this machine already uses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=$PWD/.tools/mysql97
[ -x "$target/mysqld" ] && exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/mysql97/root"

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | sort -u | grep -v security | head -1)
[ -n "$mirror" ] || { echo "apt knows no package mirror on this machine: see /etc/apt/sources.list." >&2; exit 1; }
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$work/sources.list"
apt=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::Lists=$work/lists"
     -o "Dir::Cache=$work/cache" -o "APT::Sandbox::User=$(id -un)")
apt-get "${apt[@]}" -qq update

# The server and what it loads; of Perl and the rest, which only its packaging scripts use, nothing.
mapfile -t packages < <(apt-cache "${apt[@]}" depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
    --no-enhances mysql-server-core | grep -E '^[a-z]' | sort -u | grep -vE '^(perl|libperl|libgdbm|libdb5)')
(cd "$work/debs" && apt-get "${apt[@]}" -qq download "${packages[@]}" mysql-client-core)
for deb in "$work"/debs/*.deb; do dpkg -x "$deb" "$work/mysql97/root"; done

# Programs that start with the unpacked C library instead of this machine's older one.
for program in mysqld mysql mysqldump mysqlbinlog mysqladmin; do
    binary=$target/root/usr/bin/$program
    [ -e "$work/mysql97/root/usr/bin/$program" ] || binary=$target/root/usr/sbin/$program
    options=""
    [ "$program" = mysqld ] && options="--no-defaults \"--basedir=$target/root/usr\" \"--lc-messages-dir=$target/root/usr/share/mysql\" \"--plugin-dir=$target/root/usr/lib/mysql/plugin\" --secure-file-priv=NULL"
    cat >"$work/mysql97/$program" <<WRAPPER
#!/bin/sh
exec "$target/root/usr/lib64/ld-linux-x86-64.so.2" --library-path "$target/root/usr/lib/x86_64-linux-gnu:$target/root/usr/lib/mysql/private" "$binary" $options "\$@"
WRAPPER
    chmod +x "$work/mysql97/$program"
done

# Moved into place whole: an interrupted run leaves nothing that looks finished.
mkdir -p .tools
rm -rf "$target"
mv "$work/mysql97" "$target"
"$target/mysqld" --version
