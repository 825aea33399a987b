# The content of the images.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016  # Tests/Docker/run sets $root, $work and $website; other shells expand what is in single quotes

test_images() {
    check "without .env, compose says what to do" asks_for_settings
    check "the images are built" build_images
    check "the image is under 400 MB with ffmpeg" is_small
    check "it runs as a user without rights, and holds no data and no compiler" has_no_rights
    check "its history and settings hold no secret" has_no_secret
    check "it carries the licenses of what it contains" has_licenses
    check "it has the engine's library for each family of processors, and no AMX" has_kernels
    check "without a network and a writable disk, its self-test succeeds" tests_itself
    check "every kind of recording is transcribed exactly" transcribes_formats
    check "every kernel of the engine that runs on this processor transcribes" transcribes_with_each_kernel
    check "it stops at once, with exit code 0" stops_well
}

asks_for_settings() {
    if docker compose config --quiet 2>"$work/refusal"; then return 1; fi
    grep -q 'POSTGRES_PASSWORD.*\./stack run makes \.env' "$work/refusal"
}

build_images() { doc './stack build'; }

is_small() {
    local bytes
    bytes=$(docker image inspect --format '{{.Size}}' earshot:latest)
    echo "measured: $((bytes / 1000000)) MB"
    [ "$bytes" -lt 400000000 ]
    if docker image inspect earshot:latest-cuda >/dev/null 2>&1; then
        bytes=$(docker image inspect --format '{{.Size}}' earshot:latest-cuda)
        echo "measured: $((bytes / 1000000)) MB with CUDA"
        [ "$bytes" -lt 4000000000 ]
    fi
}

# inside COMMAND: runs it with a shell in a container of the image.
inside() { docker run --rm --entrypoint sh earshot:latest -c "$1"; }

has_no_rights() {
    expect "$(inside 'id -u')" 10001 "the user"
    expect "$(inside 'find /var/lib/earshot -type f')" "" "the data in the image"
    expect "$(inside 'for tool in gcc clang swift python3 curl; do command -v $tool; done; true')" "" "the tools in the image"
    expect "$(inside 'touch /usr/local/lib/earshot/x 2>/dev/null || echo refused')" refused "writing to the program's folder"
}

has_no_secret() {
    local password
    password=$(sed -n 's/^POSTGRES_PASSWORD=//p' .env)
    [ ${#password} -ge 32 ]
    expect "$(stat -c %a .env)" 600 "the mode of .env"
    docker history --no-trunc --format '{{.CreatedBy}}' earshot:latest >"$work/history"
    docker image inspect earshot:latest >>"$work/history"
    if grep -qiE "$password|password=|PGPASSWORD|secret=" "$work/history"; then return 1; fi
    # The layers themselves hold no secret either.
    expect "$(inside "grep -rlF $password /etc /usr/local /var/lib/earshot /home /root 2>/dev/null; true")" "" "files with the password"
}

has_licenses() {
    for file in LICENSE NOTICE; do inside "cat /usr/local/share/doc/earshot/$file" | cmp - "$root/$file"; done
    # Debian's slim image has to keep the texts that NOTICE refers to.
    inside 'test -s /usr/share/common-licenses/LGPL-2.1 && test -s /usr/share/doc/libpq5/copyright && test -s /usr/share/doc/tini/copyright'
}

has_kernels() {
    inside 'ls /usr/local/lib/earshot' >"$work/files"
    case $(uname -m) in
        x86_64) for family in x64 sse42 sandybridge haswell skylakex icelake zen4 alderlake; do grep -q "^libggml-cpu-$family.so" "$work/files"; done ;;
        *) grep -q '^libggml-cpu-armv8.0_1.so' "$work/files" ;;
    esac
    if grep -q sapphirerapids "$work/files"; then return 1; fi
    expect "$(inside 'for file in /usr/local/lib/earshot/*.so* /usr/local/lib/earshot/earshot /usr/local/bin/ff*; do ldd $file; done | grep "not found"; true')" "" "missing libraries"
}

tests_itself() {
    docker run --rm --read-only --tmpfs /tmp --network none --cap-drop ALL earshot:latest self-test | tee "$work/self-test"
    grep -q '^ok      engine: CPU' "$work/self-test"
}

transcribes_formats() {
    local format text
    for format in wav flac m4a mp3 mp4 ogg webm; do
        text=$(docker run --rm --network none --volume "$recordings:/recordings:ro" earshot:latest transcribe "/recordings/short-en-1.$format" 2>"$work/errors")
        expect "$text" "$(truth short-en-1.wav)" "the text of the $format"
        expect "$(grep -v 'Using the demo model' "$work/errors" || true)" "" "other messages about the $format"
    done
}

# The engine loads the best library that it finds, so each one is tried alone.
transcribes_with_each_kernel() {
    docker run --rm --network none --user 0 --entrypoint bash --volume "$recordings:/recordings:ro" earshot:latest -euc '
        cd /usr/local/lib/earshot
        mkdir /kernels && mv libggml-cpu-*.so /kernels/
        tried=0
        for kernel in /kernels/*; do
            cp "$kernel" .
            if [ "$(earshot self-test | grep -c "^ok      engine")" = 1 ]; then
                text=$(earshot transcribe /recordings/short-en-2.wav)
                echo "measured: $(basename "$kernel"): $text"
                [ "$text" = "'"$(truth short-en-2.wav)"'" ]
                tried=$((tried + 1))
            fi
            rm "$(basename "$kernel")"
        done
        [ $tried -ge 3 ]'
}

stops_well() {
    local container began=$SECONDS
    container=$(docker run --detach earshot:latest web)
    eventually 20 sh -c "docker logs $container 2>&1 | grep -q Website"
    docker stop --time 10 "$container"
    expect "$(docker inspect --format '{{.State.ExitCode}}' "$container")" 0 "the exit code"
    docker rm "$container" >/dev/null
    [ $((SECONDS - began)) -lt 25 ]
}
