# Shared by the benchmarks; sourced from the root of the project. Makes a temporary folder and sets ports.
# shellcheck shell=bash

program=${EARSHOT_PROGRAM:-.build/release/earshot}
[ -x "$program" ] || { echo "Build it first: ./run --help" >&2; exit 1; }
folder=$(mktemp -d)
chmod 755 "$folder"
pid=
stop() {
    [ -n "$pid" ] || return 0
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    pid=
}
trap 'stop; rm -rf "$folder"' EXIT
export EARSHOT_DATA="$folder/data" API_PORT=18801 WEB_PORT=18420 LOG_LEVEL=warning

now() { date +%s%3N; }

wait_until_ready() {
    for _ in $(seq 600); do
        curl -sf -o /dev/null "http://127.0.0.1:$API_PORT/health/ready" && curl -sf -o /dev/null "http://127.0.0.1:$WEB_PORT/" && return
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
    done
    echo "Earshot did not start:" >&2
    cat "$folder/log" >&2
    exit 1
}

# A line of the process's memory, in MB: VmRSS (now) or VmHWM (peak).
memory() { awk -v name="$1:" '$1 == name { print int($2 / 1000) }' "/proc/$pid/status"; }
