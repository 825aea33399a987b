# A backup loses nothing, and nothing is deleted unasked.
# shellcheck shell=bash
# shellcheck disable=SC2154  # Tests/Docker/run sets $root, $work and $website

test_backup() {
    check "data is not deleted without --yes" asks_before_deleting
    check "backup, clean --volumes, restore: the same transcripts and recordings" comes_back
}

transcripts() {
    for id in $(curl --silent --fail "$website/api/v1/transcriptions" | json '" ".join(sorted(x["id"] for x in it["items"]))'); do
        curl --silent --fail "$website/api/v1/transcriptions/$id/export?format=json"
        curl --silent --fail "$website/api/v1/transcriptions/$id/audio" | sha256sum
    done
}

asks_before_deleting() {
    ./stack run
    if ./stack stop --volumes </dev/null 2>"$work/refusal"; then return 1; fi
    grep -q 'Say --yes' "$work/refusal"
    if ./stack clean --all </dev/null; then return 1; fi
    expect "$(docker volume ls --quiet --filter name=earshot_ | wc -l)" 3 "the number of volumes"
    is_healthy whisper-backend
}

comes_back() {
    upload "$recordings/clip25-de.wav" wait=60 >/dev/null
    transcripts >"$work/before"
    [ "$(wc -l <"$work/before")" -gt 1 ]
    doc './stack backup backups/before-the-upgrade.tar'
    [ -s backups/before-the-upgrade.tar ]
    doc './stack clean --volumes --yes'
    expect "$(docker volume ls --quiet --filter name=earshot_)" "" "the volumes that are left"
    ./stack run
    expect "$(curl --silent --fail "$website/api/v1/transcriptions" | json 'it["total"]')" 0 "what an empty stack has"
    doc './stack restore backups/before-the-upgrade.tar --yes'
    transcripts >"$work/after"
    cmp "$work/before" "$work/after"
}
