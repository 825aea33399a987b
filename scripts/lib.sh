# Shared by ./run, ./test and scripts/*; sourced from the root of the project.
# shellcheck shell=bash
# shellcheck disable=SC2034  # the scripts use the variables

prefix=.engine
# The version of whisper.cpp that scripts/engine builds; a system's own must not be older.
engine_version=1.8.5
original_pkg_config_path="${PKG_CONFIG_PATH:-}"
# A whisper.cpp that the system already has comes first, then the one that bootstrap builds.
if [ -z "${EARSHOT_OWN_ENGINE:-}" ]; then
    export PKG_CONFIG_PATH="${original_pkg_config_path:+$original_pkg_config_path:}$PWD/$prefix/lib/pkgconfig"
else
    export PKG_CONFIG_PATH="$PWD/$prefix/lib/pkgconfig${original_pkg_config_path:+:$original_pkg_config_path}"
fi

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
fail() { printf '\033[31mError:\033[0m %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
processors() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }
sha256() { if has sha256sum; then sha256sum "$1" | cut -d' ' -f1; else shasum -a 256 "$1" | cut -d' ' -f1; fi; }

# Runs a command up to four times, waiting longer each time: networks fail.
retry() {
    local attempt
    for attempt in 1 2 3; do
        "$@" && return
        say "Failed (attempt $attempt of 4), trying again in $((attempt * 5)) s: $*"
        sleep $((attempt * 5))
    done
    "$@"
}

# initdb and postgres are not on the PATH on Debian.
find_postgres_programs() {
    has initdb && return
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || compgen -G '/opt/homebrew/opt/postgresql@*/bin/initdb' >/dev/null
}

find_browser() { has chromedriver && { has chromium || has chromium-browser || has google-chrome; }; }
