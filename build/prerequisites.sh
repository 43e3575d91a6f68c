# Sourced by run and test: what a bare Debian machine lacks, installed from its own package feed.
# PORTAL_NO_INSTALL=1 leaves the machine alone and only says what is missing.

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else stop "Installing needs root: run as root, or install sudo. To go on without installing: PORTAL_NO_INSTALL=1 $0"
    fi
}

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# need PACKAGE...: installs those that are missing.
need() {
    local missing=()
    for package in "$@"; do installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} = 0 ] && return
    if ! command -v apt-get >/dev/null; then
        say "This is no Debian: install the likes of ${missing[*]} yourself. Going on."
        return
    fi
    if [ -n "${PORTAL_NO_INSTALL:-}" ]; then
        say "Missing, and not installed because of PORTAL_NO_INSTALL: ${missing[*]}"
        return
    fi
    say "Installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
}

need_dotnet() {
    if ! command -v dotnet >/dev/null && apt-cache show dotnet-sdk-10.0 >/dev/null 2>&1; then need dotnet-sdk-10.0; fi
    command -v dotnet >/dev/null || stop "The .NET 10 SDK is missing, and this machine's package feed has none (dotnet-sdk-10.0). Install it as https://dot.net describes, then start again."
    dotnet --list-sdks | grep -q '^1[0-9]\.' || stop "The .NET SDK here is $(dotnet --version 2>/dev/null || echo none); the portal needs version 10. Install it as https://dot.net describes, then start again."
}

# A database server for the portal's own use, unless one is there already.
need_database_server() {
    for program in mysqld mariadbd; do
        for folder in ${PATH//:/ } /usr/sbin /usr/local/sbin /usr/libexec; do
            # MariaDB makes its data folder with a script that needs a tool of its client package.
            [ -x "$folder/$program" ] && { command -v my_print_defaults >/dev/null || ! "$folder/$program" --version | grep -q MariaDB; } && return
        done
    done
    need mariadb-server-core mariadb-client-core
}

# What dumps and loads backups; with a recipient, what encrypts them.
need_backup_programs() {
    command -v mariadb-dump >/dev/null || command -v mysqldump >/dev/null || need mariadb-client
    [ -z "${Backup__Recipient:-}" ] || command -v age >/dev/null || need age
}

# Cairo and Pango draw the PDFs; ICU knows how languages sort and write numbers (its package carries its version in its name).
need_libraries() {
    need libcairo2 libpangocairo-1.0-0 fontconfig fonts-inter
    ldconfig -p | grep -q libicuuc || need "$(apt-cache search --names-only '^libicu[0-9]+$' | sort | tail -1 | cut -d' ' -f1)"
}
