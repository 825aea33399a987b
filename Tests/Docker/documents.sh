# What DOCKER.md shows is what was executed above, letter by letter.

test_documents() {
    check "every setting of the compose files is in .env.docker, and the other way round" settings_agree
    check "the other commands of DOCKER.md work" execute_the_rest
    check "every command of DOCKER.md was executed" all_executed
}

# Commands stand in blocks that begin with ```sh; what can't be executed by a test stands in blocks of another kind.
commands() { sed -n '/^```sh$/,/^```$/p' DOCKER.md | grep -v '^```' | sed -e 's/[[:space:]]*#.*$//' -e '/^$/d'; }

settings_agree() {
    grep -ohE '\$\{[A-Z_]+' docker-compose*.yml | tr -d '${' | sort -u >"$work/used"
    sed -nE 's/^#?([A-Z_]+)=.*/\1/p' .env.docker | sort -u >"$work/documented"
    diff "$work/used" "$work/documented"
}

execute_the_rest() {
    ./stack run
    commands | while read -r command; do
        grep -qxF -- "$command" "$executed" || doc "$command" </dev/null
    done
}

all_executed() {
    commands | sort -u >"$work/documented"
    sort -u "$executed" >"$work/done"
    expect "$(comm -23 "$work/documented" "$work/done")" "" "the commands that were not executed"
    [ "$(wc -l <"$work/documented")" -gt 10 ]
}
