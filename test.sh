#!/usr/bin/env bash
# Runs every test of Billing.sln on a fresh clone: installs a browser where it may, builds, tests, and ends with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

need() { command -v "$1" >/dev/null 2>&1; }
for tool in dotnet node npm; do
  need "$tool" || { echo "$tool is missing: install the .NET 10 SDK and Node.js 20 or later."; echo "0 passed, 1 failed"; exit 1; }
done

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif need sudo && sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi; }
if { [ -z "${CHROMIUM_PATH:-}" ] && [ ! -x /usr/bin/chromium ] || ! need pdftotext; } && need apt-get; then
  echo "Installing Chromium for the browser tests and poppler-utils to read PDFs"
  { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium poppler-utils; } >/dev/null 2>&1 \
    || echo "Chromium and poppler-utils could not be installed: set CHROMIUM_PATH to a browser and install pdftotext, or their tests fail."
fi

results=TestResults
rm -rf "$results"; mkdir -p "$results"
if ! dotnet build Billing.sln -c Debug -v quiet -clp:NoSummary 2>&1 | tee "$results/build.log"; then
  echo "The build failed."
  echo "0 passed, 1 failed"
  exit 1
fi

passed=0 failed=0
for project in Portal.Tests Portal.E2E; do
  log="$results/$project.log"
  dotnet test "$project" --no-build -c Debug --logger "console;verbosity=normal" --logger "trx;LogFileName=$project.trx" --results-directory "$results" 2>&1 | tee "$log" | grep -vE '^\s+Passed '
  counters=$(grep -o '<Counters [^>]*>' "$results/$project.trx" 2>/dev/null | head -1)
  p=$(sed -n 's/.* passed="\([0-9]*\)".*/\1/p' <<<"$counters"); t=$(sed -n 's/.* total="\([0-9]*\)".*/\1/p' <<<"$counters")
  if [ -z "$counters" ] || [ "${t:-0}" = 0 ]; then failed=$((failed + 1)); echo "$project ran no test."; else passed=$((passed + p)); failed=$((failed + t - p)); fi
done

[ -f "$results/licences.txt" ] && { echo "Licences of what is shipped:"; cat "$results/licences.txt"; }
grep -hE '^\s+Failed [A-Z]|ran no test' "$results"/*.log 2>/dev/null | sort -u
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
