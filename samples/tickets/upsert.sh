#!/usr/bin/env bash
# Opens a ticket of ServiceNow for each root cause of a case, or adds to the one that is open already.
#
#   sitedx analyze case.zip --format servicenow --mapping mapping.toml |
#     SERVICENOW=https://example.service-now.com CREDENTIALS=user:password ./upsert.sh
#
# Needs curl and jq. Other systems go the same way: the envelopes differ, and the name of what was found, here `sys_id`.
set -euo pipefail

call() { # method, path and query, body
  curl --silent --show-error --fail --user "$CREDENTIALS" --header 'Content-Type: application/json' \
    --request "$1" "$SERVICENOW$2" ${3:+--data "$3"}
}

while IFS= read -r envelope; do
  field() { jq --compact-output --raw-output "$1" <<<"$envelope"; }
  # The parameters of the query are not encoded yet.
  query=$(field '.dedupe.find.query | to_entries | map("\(.key)=\(.value | @uri)") | join("&")')
  found=$(call GET "$(field .dedupe.find.path)?$query" '' | jq --raw-output '.result[0].sys_id // empty')
  if [ -n "$found" ]; then
    path=$(field .update.path)
    call PATCH "${path/\{sys_id\}/$found}" "$(field .update.body)" >/dev/null
    echo "updated $found"
  else
    call POST "$(field .create.path)" "$(field .create.body)" | jq --raw-output '"opened \(.result.sys_id)"'
  fi
done
