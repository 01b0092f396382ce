#!/usr/bin/env bash
# The HTML report in a real browser: it runs nothing foreign, fetches nothing, and can be used by everyone.
#
# Installs what it needs, if it may. Where that is impossible it says so and passes; a check that fails, fails.
# SHOTS=<folder> keeps pictures to look at.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=tests/browser

skip() { printf '\n*** NOT CHECKED IN A BROWSER: %s ***\n\n' "$1" >&2; exit 0; }

find_browser() {
  for name in chromium chromium-browser google-chrome; do command -v "$name" && return; done
  return 1
}

install() {
  command -v apt-get >/dev/null || return 1
  local root=(); [ "$(id -u)" = 0 ] || root=(sudo -n)
  "${root[@]}" apt-get update -qq >/dev/null 2>&1 || true
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1
}

find_browser >/dev/null || install chromium fonts-dejavu-core || skip "no Chromium, and it cannot be installed"
command -v node >/dev/null || install nodejs || skip "no Node.js, and it cannot be installed"
command -v npm >/dev/null || install npm || skip "no npm, and it cannot be installed"
if [ ! -e $here/node_modules/.package-lock.json ] || [ $here/package-lock.json -nt $here/node_modules/.package-lock.json ]; then
  (cd $here && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || skip "the packages of $here cannot be had"
fi

cargo build --locked --quiet
sitedx=${CARGO_TARGET_DIR:-target}/debug/sitedx
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

$sitedx analyze samples/bundles/pending-child-bootstrap-failed/in --format html >"$work/case.html"
$sitedx analyze samples/bundles/clean-target/in --format html >"$work/clean.html"
$sitedx analyze $here/hostile --format html >"$work/hostile.html"
$sitedx analyze --each samples/bundles/*/in samples/scenarios/*/in no/such/path --format html >"$work/run.html" 2>/dev/null || true
# The page of 50,000 bundles is written by a test.
cargo test --locked --quiet --test it html::fifty_thousand >/dev/null
cp "${CARGO_TARGET_DIR:-target}/tmp/fifty-thousand.html" "$work/large.html"

BROWSER=$(find_browser) WORK="$work" node $here/check.mjs
