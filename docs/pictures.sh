#!/usr/bin/env bash
# Makes the pictures in this folder with the sample model: docs/pictures.sh
# The screenshot of the report needs Chromium; without it, that picture stays as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

dotnet run -c Release --project examples/GroundBirds -- --out "$out" --figures 7 --report "$out/report.html" --overlays 0
cp "$out/figures/00007-sample_000006/mask-and-maps.png" docs/overlay.png
cp "$out/figures/00007-sample_000006/beak-layers.png" docs/layers.png
cp "$out/figures/00007-sample_000006/beak-heads-02.png" docs/heads.png

# Where the model looked when it said each word of three answers.
bird=$(find "$out" -name 'sample_000006.*' -path '*/images/*' | head -1)
dotnet run -c Release --project src/MLNetGrounding.Tool -- ask "$bird" \
  "What color is the beak?" "What color is the wing?" "What color is the tail?" --out "$out/answers"
cp "$out/answers/words.png" docs/answer.png

dotnet run -c Release docs/concepts/draw.cs -- docs/concepts

for browser in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$browser" >/dev/null; then
    "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
      --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$out/browser" --force-device-scale-factor=0.8 \
      --virtual-time-budget=5000 --window-size=1280,2060 --screenshot=docs/report.png "file://$out/report.html" 2>/dev/null
    exit
  fi
done
