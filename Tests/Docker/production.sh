# The stack of docker-compose.yml, used, scaled and killed.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016  # Tests/Docker/run sets $root, $work and $website; other shells expand what is in single quotes

test_production() {
    check "it starts, and all services are healthy" starts
    check "only the website and the API can be reached, from this machine only" publishes_little
    check "every container of Earshot runs without rights and cannot write to its own files" is_locked_down
    check "a recording uploaded through port 4200 is transcribed" transcribes
    check "data survives stop and run, which takes under 20 seconds" survives_stop
    check "three workers share a long recording, and stop cleanly" shares_work
    for service in worker backend frontend postgres; do
        check "kill -9 of the $service in the middle of a recording loses nothing" survives_kill "$service"
    done
    check "data survives rebuild" survives_rebuild
    check "status, logs and shell answer" answers_questions
}

starts() {
    [ -e .env ] || ./stack build
    # With a detailed log and short leases, the tests see more in less time.
    sed -i -e 's/^LOG_LEVEL=.*/LOG_LEVEL=debug/' -e 's/^#JOB_LEASE_SECONDS=.*/JOB_LEASE_SECONDS=5/' .env
    # Without a network, the models in .env can't be downloaded; nothing may wait for them.
    doc './stack run'
    for name in whisper-postgres whisper-backend whisper-frontend $(workers); do is_healthy "$name"; done
    curl --silent --fail --output /dev/null "$website/"
}

publishes_little() {
    expect "$(docker port whisper-postgres)" "" "the database's published ports"
    expect "$(docker port whisper-backend)" "8001/tcp -> 127.0.0.1:8001" "the API's"
    expect "$(docker port whisper-frontend)" "4200/tcp -> 127.0.0.1:4200" "the website's"
    expect "$(docker network inspect --format '{{.Internal}}' earshot_database)" true "whether the database's network is closed"
}

is_locked_down() {
    for name in whisper-backend whisper-frontend $(workers); do
        expect "$(docker exec "$name" id -u)" 10001 "the user of $name"
        expect "$(docker exec "$name" sh -c 'touch /usr/local/x 2>/dev/null || echo refused')" refused "writing in $name"
        expect "$(docker inspect --format '{{.HostConfig.CapDrop}}' "$name")" "[ALL]" "the capabilities dropped of $name"
        expect "$(docker inspect --format '{{index .HostConfig.LogConfig.Config "max-size"}}' "$name")" 10m "the size of a log of $name"
    done
}

transcribes() {
    upload "$recordings/short-en-1.wav" wait=60 >"$work/answer"
    expect "$(json 'it["text"]' <"$work/answer")" "$(truth short-en-1.wav)" "the text"
    json 'it["id"]' <"$work/answer" >"$work/first"
}

survives_stop() {
    local began
    doc './stack stop'
    expect "$(docker ps --all --quiet --filter label=com.docker.compose.project=earshot)" "" "the containers that still exist"
    began=$SECONDS
    ./stack run
    echo "measured: healthy after $((SECONDS - began)) s"
    [ $((SECONDS - began)) -lt 20 ]
    expect "$(text_of "$(cat "$work/first")")" "$(truth short-en-1.wav)" "the text"
    curl --silent --fail "$website/api/v1/transcriptions/$(cat "$work/first")/audio" | cmp - "$recordings/short-en-1.wav"
}

# A recording of 20 minutes; made once.
long_recording() {
    [ -f "$work/long.wav" ] || ffmpeg -v error -stream_loop 4 -i "$recordings/long-en.wav" -c copy "$work/long.wav"
    echo "$work/long.wav"
}

shares_work() {
    local id name
    doc './stack run --scale 3'
    expect "$(workers | wc -l)" 3 "the number of workers"
    id=$(upload "$(long_recording)" | json 'it["id"]')
    eventually 300 is_completed "$id"
    for name in $(workers); do
        docker logs "$name" 2>&1 | grep -c 'kind=block' || { echo "$name had no block"; return 1; }
    done
    id=$(upload "$(long_recording)" duplicate=true | json 'it["id"]')
    eventually 60 has_segments "$id"
    for name in $(workers | tail -n 2); do
        docker stop "$name"
        expect "$(docker inspect --format '{{.State.ExitCode}}' "$name")" 0 "the exit code of $name"
    done
    eventually 300 is_completed "$id"
    is_whole "$id"
    ./stack run --scale 1
}

# Whether a transcription of the long recording has five times the text, nothing lost and nothing twice.
is_whole() {
    text_of "$1" >"$work/recognized"
    for _ in 1 2 3 4 5; do truth long-en.wav; done >"$work/said"
    docker run --rm --network none --volume "$work:/texts:ro" earshot:latest wer /texts/said /texts/recognized | tee "$work/wer"
    python3 -c 'import re, sys; rate = float(re.search(r"([\d.]+) ?%", open(sys.argv[1]).read()).group(1)); sys.exit(rate > 12)' "$work/wer"
}

# Ends the container's first process, as a crash would; compose's restart policy brings it back.
survives_kill() {
    local name=whisper-$1 id restarts
    [ "$1" != worker ] || name=$(workers | head -n 1)
    id=$(upload "$(long_recording)" duplicate=true | json 'it["id"]')
    eventually 60 has_segments "$id"
    if is_completed "$id"; then echo "it was over before the kill"; return 1; fi
    restarts=$(docker inspect --format '{{.RestartCount}}' "$name")
    kill -KILL "$(docker inspect --format '{{.State.Pid}}' "$name")"
    eventually 60 has_restarted "$name" "$restarts"
    eventually 90 is_healthy "$name"
    eventually 300 is_completed "$id"
    is_whole "$id"
    expect "$(text_of "$(cat "$work/first")")" "$(truth short-en-1.wav)" "the text from before"
}

has_restarted() { [ "$(docker inspect --format '{{.RestartCount}}' "$1")" -gt "$2" ]; }

survives_rebuild() {
    doc './stack rebuild --frontend'
    expect "$(text_of "$(cat "$work/first")")" "$(truth short-en-1.wav)" "the text"
}

answers_questions() {
    doc './stack status' >"$work/status"
    for word in whisper-postgres whisper-backend whisper-frontend healthy; do grep -q "$word" "$work/status"; done
    doc './stack logs worker --tail 20' | grep -c .
    doc './stack shell backend earshot models list' 2>&1 | grep -ci demo
    doc './stack shell backend earshot self-test' | grep -c '^ok      transcription'
    ./stack shell postgres sh -c 'psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "SELECT count(*) FROM transcriptions"' | grep -c '1 row'
    if ./stack frobnicate 2>"$work/refusal"; then return 1; fi
    grep -q "no command 'frobnicate'" "$work/refusal"
}
