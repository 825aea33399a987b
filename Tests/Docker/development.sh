# The development stack runs beside production and follows the sources.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016  # Tests/Docker/run sets $root, $work and $website; other shells expand what is in single quotes

api=http://localhost:8101
dev_website=http://localhost:4201

test_development() {
    check "it runs beside production, with a database of its own" runs_beside_production
    check "a change of a page shows at once" reloads_pages
    check "a change of the API's source is built and takes over, and not one request fails meanwhile" reloads_program
    check "sources that do not build change nothing" keeps_what_works
    check "production is not affected, not even when development is removed" leaves_production_alone
}

runs_beside_production() {
    doc './stack run --dev'
    expect "$(curl --silent --fail "$dev_website/api/v1/transcriptions" | json 'it["total"]')" 0 "the number of transcriptions in the development stack"
    # shellcheck disable=SC2034  # `upload` uses it
    website=$dev_website
    local id
    id=$(upload "$recordings/short-en-1.wav" | json 'it["id"]')
    # A debug build beside another stack may need minutes on a busy machine.
    eventually 300 is_completed "$id"
    expect "$(text_of "$id")" "$(truth short-en-1.wav)" "the text"
    expect "$(docker exec whisper-dev-backend printenv LOG_LEVEL)" debug "the level of the log"
}

reloads_pages() {
    sed -i 's/<body/<!-- a new page --><body/' Sources/Website/Resources/web/pages/_frame.mustache
    eventually 10 sh -c "curl --silent $dev_website/ | grep -q 'a new page'"
}

# The file with the message of the API's health, which the tests change.
health_source() { grep -rl '"Earshot is ready' Sources/Server; }
health_message() { curl --silent --fail --max-time 5 "$api/api/v1/health" | json 'it["message"]'; }
says() { [ "$(health_message)" = "$1" ]; }

reloads_program() {
    local began=$SECONDS failures=0
    says "Earshot is ready"
    sed -i 's/"Earshot is ready"/"Earshot is ready again"/' "$(health_source)"
    until says "Earshot is ready again"; do
        says "Earshot is ready" || says "Earshot is ready again" || failures=$((failures + 1))
        [ $((SECONDS - began)) -lt 400 ]
        sleep 0.2
    done
    echo "measured: the new program answered $((SECONDS - began)) s after the change"
    expect "$failures" 0 "the number of requests that failed"
}

keeps_what_works() {
    local began
    began=$(date +%s)
    echo 'this is not Swift' >>"$(health_source)"
    eventually 300 sh -c "docker logs --since $began whisper-dev-builder 2>&1 | grep -q 'did not build'"
    says "Earshot is ready again"
    sed -i '$d' "$(health_source)"
}

leaves_production_alone() {
    is_healthy whisper-backend
    expect "$(text_of "$(cat "$work/first")")" "$(truth short-en-1.wav)" "production's text"
    doc './stack clean --dev --volumes --yes'
    expect "$(docker volume ls --quiet --filter name=earshot-dev_)" "" "the development volumes that are left"
    is_healthy whisper-backend
    expect "$(text_of "$(cat "$work/first")")" "$(truth short-en-1.wav)" "production's text"
}
