#!/usr/bin/env bash
# Calls every operation of the API with curl: shows each request, and shows and checks its response.
#
#     scripts/tour.sh [ADDRESS]        the default is http://127.0.0.1:8080
#
# It signs in as the supervisor of the development setup; CARRIER_USERNAME and CARRIER_PASSWORD name another.
# It creates numbers and deletes them at the end. The exit status is 0 if all responses were as expected.
set -uo pipefail

address=${1:-http://127.0.0.1:8080}
address=${address%/}
numbers=$address/api/v1/numbers
sessions=$address/api/v1/sessions
username=${CARRIER_USERNAME:-supervisor}
password=${CARRIER_PASSWORD:-development-only}
json='Content-Type: application/json'
work=$(mktemp -d)
made=()
# The token is in a file for curl -H @FILE, because all users of the machine can read command lines.
umask 077
: > "$work/token"
checks=0
failures=0

clean_up() {
    for path in ${made[@]+"${made[@]}"}; do curl --silent --output /dev/null --header "@$work/token" --request DELETE "$path"; done
    [ ! -s "$work/token" ] || curl --silent --output /dev/null --header "@$work/token" --request DELETE "$sessions/current"
    rm -rf "$work"
}
trap clean_up EXIT

bold='' red='' green='' plain=''
[ ! -t 1 ] || { bold=$'\033[1m' red=$'\033[31m' green=$'\033[32m' plain=$'\033[0m'; }

say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }

# request ARGUMENT...: shows and runs one curl command with the token, and shows the response.
request() {
    printf '\n$ curl'
    [ ! -s "$work/token" ] || printf ' --header @token'
    for argument; do
        case $argument in
            "@$work/"*) printf ' @%s' "${argument##*/}" ;;
            *[!a-zA-Z0-9/:.=_-]*) printf " '%s'" "$argument" ;;
            *) printf ' %s' "$argument" ;;
        esac
    done
    printf '\n'
    curl --silent --show-error --max-time 20 --dump-header "$work/head" --output "$work/body" --header "@$work/token" "$@" || fail "no response"
    tr -d '\r' < "$work/head" > "$work/headers"
    status=$(sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' "$work/headers")
    grep -iE '^(HTTP/|allow:|accept-p|access-control-allow-origin:|change-id:|content-disposition:|content-type:|etag:|idempotency-replayed:|link:|location:|request-id:|www-authenticate:|x-total-count:)' "$work/headers"
    [ ! -s "$work/body" ] || { head -c 1000 "$work/body" | sed 's/"ctk_[^"]*"/"ctk_…"/'; echo; }
}

fail() { failures=$((failures + 1)); printf '%s✘ %s%s\n' "$red" "$*" "$plain"; }
pass() { printf '%s✔ %s%s\n' "$green" "$*" "$plain"; }

# These check the last response.
expect() { checks=$((checks + 1)); if [ "$1" = "$status" ]; then pass "$1"; else fail "expected $1, not $status"; fi; }
expect_body() { checks=$((checks + 1)); if grep -qF -- "$1" "$work/body"; then pass "says $1"; else fail "does not say $1"; fi; }
expect_header() { checks=$((checks + 1)); if grep -qiE -- "^$1" "$work/headers"; then pass "has $1"; else fail "has no $1"; fi; }
header() { sed -n "s/^$1: //Ip" "$work/headers" | head -1; }

if ! curl --silent --output /dev/null --max-time 20 "$address/livez"; then
    echo "No server responds at $address. Start the server, or pass its address: $0 ADDRESS" >&2
    exit 1
fi

say "Is the server ready?"
request "$address/livez"; expect 200
request "$address/readyz"; expect 200

say "A request without a token gets 401."
request "$numbers"; expect 401; expect_header 'www-authenticate: Bearer'

say "Sign in. The token is valid for 12 hours; curl reads it from a file and sends it as a header."
printf '{"username": "%s", "password": "%s"}' "$username" "$password" > "$work/sign-in"
request --header "$json" --data "@$work/sign-in" "$sessions"; expect 201; expect_body '"token":"ctk_'
if [ "$status" != 201 ]; then
    echo "Set CARRIER_USERNAME and CARRIER_PASSWORD to those of a supervisor." >&2
    exit 1
fi
sed 's/.*"token":"\([^"]*\)".*/Authorization: Bearer \1/' "$work/body" > "$work/token"
request "$sessions/current"; expect 200; expect_body '"username":"'"$username"'"'

say "List the resources."
request "$address/api/v1"; expect 200; expect_body '"numbers":"http'

say "List numbers by page. The headers have the total and the addresses of the other pages."
request "$numbers?perPage=3"; expect 200
expect_header 'x-total-count: [0-9]+'; expect_header 'link: .*rel="first"'; expect_header 'etag: "'
request --head "$numbers?perPage=3"; expect 200
request "$numbers?sort=-monthyPrice,value&perPage=3&page=2"; expect 200
request "$numbers?q=84&currency=U%24&perPage=3"; expect 200

request "$numbers?prefix=55&monthyPriceFrom=0.01&monthyPriceTo=1.00&perPage=3"; expect 200

say "List some numbers by their ids, each with its version: the text of its ETag."
request "$numbers?id=1,2&include=version"; expect 200; expect_body '"version":'

say "The parameters of json-server, react-admin and refine are other names for these."
request "$numbers?_page=2&_limit=3&_sort=monthyPrice&_order=desc"; expect 200; expect_header 'link: .*_page=1.*rel="prev"'

say "List the currencies of the numbers."
request "$address/api/v1/currencies"; expect 200; expect_header 'etag: "'

say "Request a page with its tag: if it has not changed, the response is empty."
request "$numbers?perPage=3"; expect 200
request --header "If-None-Match: $(header etag)" "$numbers?perPage=3"; expect 304

say "Create a number. The server formats it, whatever the formatting of the request."
local_part=$(printf '%04d' $((RANDOM % 10000)))
draft='{"value": "+5584 9 9876-'$local_part'", "monthyPrice": "0.03", "setupPrice": "3.4", "currency": "U$"}'
request --header "$json" --data "$draft" "$numbers"; expect 201
location=$(header location); tag=$(header etag); made+=("$location")
expect_header 'location: http'; expect_body '"value":"+55 84 99876-'"$local_part"'"'; expect_body '"setupPrice":"3.40"'

say "A duplicate number gets 409, with the address of the existing number."
request --header "$json" --data '{"value": "+55 (84) 99876.'"$local_part"'", "monthyPrice": "1", "setupPrice": "1", "currency": "U$"}' "$numbers"
expect 409; expect_body '"existing":"'"$location"'"'

say "Read the number."
request "$location"; expect 200
request --header "If-None-Match: $tag" "$location"; expect 304
request --head "$location"; expect 200

say "Change one member, unless another user has changed the number meanwhile."
request --request PATCH --header "$json" --header "If-Match: $tag" --data '{"monthyPrice": "0.05"}' "$location"
expect 200; expect_body '"monthyPrice":"0.05"'
say "A stale tag gets 412, with the current number."
request --request PATCH --header "$json" --header "If-Match: $tag" --data '{"monthyPrice": "0.06"}' "$location"
expect 412; expect_body '"current":{'

say "Replace the number."
request --request PUT --header "$json" --data '{"value": "+55 84 99876-'"$local_part"'", "monthyPrice": "0.035", "setupPrice": "0", "currency": "BRL"}' "$location"
expect 200; expect_body '"setupPrice":"0.00"'

say "An error response lists all errors, with messages for users."
request --header "$json" --data '{"value": "84 91234", "monthyPrice": 0.03, "setupPrice": "-1", "currency": "banana", "monthlyPrice": "1"}' "$numbers"
expect 422
expect_body '{"pointer":"/setupPrice","detail":"must not be negative"}'; expect_body 'did you mean monthyPrice?'
request --header "$json" --data '{"value": "+55 84 91234-4321",}' "$numbers"; expect 400; expect_body 'line 1, column 31'
request --header 'Content-Type: text/plain' --data 'hello' "$numbers"; expect 415; expect_header 'accept-post: application/json'
request "$numbers?per_page=5"; expect 400; expect_body 'did you mean perPage?'
request "$numbers?limit=5"; expect 400; expect_body 'use perPage'
request "$numbers?sort=price"; expect 400; expect_body 'Columns: id, value, monthyPrice, setupPrice, currency.'
request "$numbers?prefix=abc&monthyPriceFrom=2&monthyPriceTo=1&page=0"; expect 400; expect_body '3 parameters need attention'
request --header 'Accept: application/xml' "$numbers"; expect 406
request --request DELETE "$numbers"; expect 405; expect_header 'allow: GET, HEAD, POST, OPTIONS'
request --request OPTIONS "$location"; expect 204; expect_header 'allow: .*PATCH'
request "$numbers/999999999999"; expect 404
say "Each problem type has a page that explains it."
request "$address/problems/number-exists"; expect 200

say "Export a file, and import it unchanged."
request "$numbers/export?q=99876$local_part"; expect 200
expect_header 'content-disposition: attachment; filename="numbers-'; expect_body "'+55 84 99876-$local_part,0.035,0.00,BRL"
cp "$work/body" "$work/numbers.csv"
request --header 'Content-Type: text/csv' --data-binary "@$work/numbers.csv" "$numbers/import?mode=upsert"
expect 200; expect_body '"rows":1,"created":0,"changed":0,"unchanged":1'
say "A dry run reports what an import would do, and all errors with their lines."
printf 'value;setupPrice\n+55 84 99876-%s;7,50\n' "$local_part" > "$work/prices.csv"
request --header 'Content-Type: text/csv' --data-binary "@$work/prices.csv" "$numbers/import?mode=update&dryRun=true"
expect 200; expect_body '"changed":1'
request --header 'Content-Type: text/csv' --data-binary "@$work/prices.csv" "$numbers/import"
expect 422; expect_body '"errors":[{"line":1,'

say "A bulk change: first the preview with its tag, then the change, if the preview is still current."
raise='{"select": {"q": "99876'$local_part'"}, "set": {"monthyPrice": {"times": "1.10"}}}'
changes="$address/api/v1/changes"
request --header "$json" --data "$raise" "$changes?dryRun=true"
expect 200; expect_body '"selected":1,"changed":1'; expect_body '"monthyPrice":"0.0385"'; preview=$(header etag)
request --header "$json" --header "If-Match: $preview" --data "$raise" "$changes"
expect 201; expect_header 'change-id: '; change=$(header change-id)
request --header "$json" --header "If-Match: $preview" --data "$raise" "$changes"; expect 412

say "A repeated request with the same key is executed once. Another request with the key gets 422."
request --request POST --header "Idempotency-Key: tour-$change" "$changes/$change/undo"; expect 201; undo=$(header change-id)
request --request POST --header "Idempotency-Key: tour-$change" "$changes/$change/undo"
expect 201; expect_header 'idempotency-replayed: true'; expect_header "change-id: $undo"
request --request POST --header "Idempotency-Key: tour-$change" "$changes/$undo/undo"; expect 422; expect_body 'idempotency-key-reused'
request --request POST --header "Idempotency-Key: tour-$undo" "$changes/$undo/undo"; expect 201

say "The history has each change, which can be undone as a whole."
request "$location/changes"; expect 200; expect_body '"kind":"changeMany"'
request "$changes/$change/numbers"; expect 200; expect_body '"before":{'
request --request POST "$changes/$change/undo"; expect 201; expect_body '"undoes":'"$change"
request --request POST "$changes/$change/undo"; expect 409; expect_body '"undoneBy":'
request "$changes?kind=undo&perPage=1"; expect 200; expect_body '"undoes":'"$change"

say "Delete the number. The deletion can be undone, and redone by undoing the undo."
request --request DELETE "$location"; expect 204; change=$(header change-id)
request --request DELETE "$location"; expect 404
request --request POST "$changes/$change/undo"; expect 201; change=$(header change-id)
request "$location"; expect 200
request --request POST "$changes/$change/undo"; expect 201
request "$location"; expect 404

say "Supervisors add users, change their roles and remove them, with immediate effect."
users=$address/api/v1/users
user=tour-$local_part-$$
printf '{"username": "%s", "role": "salesperson", "password": "%s-%s"}' "$user" "$RANDOM" "$user" > "$work/user"
request --header "$json" --data "@$work/user" "$users"; expect 201; expect_body '"sessions":0'
person=$(header location); made+=("$person")
request --header "$json" --data "@$work/user" "$users"; expect 409; expect_body '"existing":"'"$person"'"'
request "$users?perPage=3"; expect 200; expect_header 'x-total-count: [0-9]+'
request --request PATCH --header "$json" --data '{"role": "supervisor"}' "$person"; expect 200; expect_body '"role":"supervisor"'
request "$person/sessions"; expect 200; expect_body '[]'
request --request DELETE "$person/sessions"; expect 204
request --request DELETE "$person"; expect 204
request "$person"; expect 404
say "Users change their own password, and must know the current one."
request --request PUT --header "$json" --data '{"currentPassword": "guessed", "newPassword": "short"}' "$users/current/password"
expect 422; expect_body '{"pointer":"/newPassword","detail":"must have at least 8 characters"}'

say "Sign out. The token is no longer valid."
request --request DELETE "$sessions/current"; expect 204
request "$numbers"; expect 401; expect_header 'www-authenticate: Bearer error="invalid_token"'
: > "$work/token"

say "The OpenAPI description, for Postman, Insomnia and client generators."
request "$address/api/v1/openapi.json"; expect 200; expect_body '"openapi": "3.1.0"'

printf '\n%d checks, %d failed\n' "$checks" "$failures"
[ "$failures" = 0 ]
