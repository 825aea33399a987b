# Helpers of the tests of the Docker stack; sourced by Tests/Docker/run.
# shellcheck shell=bash
# shellcheck disable=SC2154  # Tests/Docker/run sets $root, $work and $website

passed=0
failed=0
executed=$work/executed
: >"$executed"

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

# check NAME FUNCTION [ARGUMENTS]: runs a test, in a shell of its own that any failing command ends.
check() {
    local name=$1 began=$SECONDS status
    shift
    set +e
    (
        set -euo pipefail
        "$@"
    ) >"$work/log" 2>&1
    status=$?
    set -e
    if [ $status -eq 0 ]; then
        passed=$((passed + 1))
        printf 'ok      %s (%s s)\n' "$name" $((SECONDS - began))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s (%s s)\n' "$name" $((SECONDS - began))
        tail -n 40 "$work/log" | sed 's/^/        /'
    fi
    # Measurements are shown.
    sed -n 's/^measured: /        /p' "$work/log"
}

# expect ACTUAL EXPECTED WHAT
expect() { [ "$1" = "$2" ] || { printf '%s is “%s” instead of “%s”\n' "$3" "$1" "$2"; return 1; }; }

# doc COMMAND: runs a command exactly as DOCKER.md shows it.
doc() {
    printf '%s\n' "$1" >>"$executed"
    eval "$1"
}

# eventually SECONDS COMMAND: tries until it succeeds.
eventually() {
    local limit=$((SECONDS + $1))
    shift
    until "$@" >"$work/attempt" 2>&1; do
        [ $SECONDS -lt $limit ] || { echo "did not happen in time: $*"; cat "$work/attempt"; return 1; }
        sleep 0.3
    done
}

# json EXPRESSION: a value of the JSON on standard input, which the expression calls `it`.
json() { python3 -c 'import json, sys; it = json.load(sys.stdin); value = eval(sys.argv[1]); print(value if value is not None else "")' "$1"; }

recordings=$root/Tests/Support/Resources/recordings

# The text that is said in a recording.
truth() { python3 -c 'import json, sys; print(next(r["text"] for r in json.load(open(sys.argv[1])) if r["file"] == sys.argv[2]))' "$recordings/manifest.json" "$1"; }

# upload FILE [QUERY]: uploads through the website, and prints the answer.
upload() { curl --silent --show-error --fail -F "file=@$1" "$website/api/v1/transcriptions?${2:-}"; }

status_of() { curl --silent --fail "$website/api/v1/transcriptions/$1" | json 'it["status"]'; }
text_of() { curl --silent --fail "$website/api/v1/transcriptions/$1" | json 'it["text"]'; }
segments_of() { curl --silent --fail "$website/api/v1/transcriptions/$1" | json 'len(it["segments"])'; }
is_completed() { [ "$(status_of "$1")" = completed ]; }
has_segments() { [ "$(segments_of "$1")" -gt 0 ]; }
is_healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$1")" = healthy ]; }

# The workers' containers, by name.
workers() { docker ps --filter label=com.docker.compose.project=earshot --filter label=com.docker.compose.service=worker --format '{{.Names}}'; }
