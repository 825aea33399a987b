# The commands in DOCKER.md are those that were executed above, letter by letter.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2016  # Tests/Docker/run sets $root, $work and $website; other shells expand what is in single quotes

test_documents() {
    check "every setting of the compose files is in .env.docker, and the other way round" settings_agree
    check "the other commands of DOCKER.md work" execute_the_rest
    check "every command of DOCKER.md was executed" all_executed
}

# Blocks that begin with ```sh hold commands; a command that a test can't execute is in a block of another kind.
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
