#!/usr/bin/env bash
# Compares Kordon's Sigma engine with others, event by event. README.md says how to get them.
#   streams/peers/check.sh [DIRECTORY_OF_FURTHER_RULES]
set -euo pipefail
cd "$(dirname "$0")/../.."
peers=streams/target/sigma-peers
./mvnw -q -B -pl streams -am test -Dtest=RulesAgainstOracleTest -Dsurefire.failIfNoSpecifiedTests=false ${1:+-Dsigma.rules="$(realpath "$1")"}

status=0
for folder in "$peers"/*/; do
  if python3 -c 'import sigma' 2>/dev/null; then
    echo "pySigma, $folder"
    python3 streams/peers/pysigma_eval.py "$folder/rules.yml" "$folder/events.jsonl" > "$folder/pysigma.jsonl"
    python3 streams/peers/compare.py "$folder" "$folder/pysigma.jsonl" || status=1
  fi
  if command -v rsigma > /dev/null; then
    echo "rsigma, $folder"
    python3 streams/peers/rsigma_rules.py "$folder/rules.yml" > "$folder/rsigma-rules.yml"
    rsigma engine eval -r "$folder/rsigma-rules.yml" --include-event --no-stats -q < "$folder/events.jsonl" \
      > "$folder/rsigma.jsonl" || status=1
    python3 streams/peers/compare.py "$folder" "$folder/rsigma.jsonl" "$folder/rsigma-rules.yml" || status=1
  fi
done
exit $status
