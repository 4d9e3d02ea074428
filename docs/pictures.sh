#!/usr/bin/env bash
# Makes the pictures of the README with the sample model, for light pages and for dark ones: docs/pictures.sh
# Screenshots of the report need Chromium; without it, they stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

dotnet build -c Release examples/GroundBirds
birds() { dotnet run -c Release --no-build --project examples/GroundBirds -- --overlays 0 "$@"; }

for theme in dark light; do
  suffix=$([ "$theme" = dark ] && echo -dark || echo "")
  birds --out "$out/$theme" --figures 7 --figure-theme "$theme" --report "$out/report.html"
  figures=$out/$theme/figures/00007-sample_000006
  cp "$figures/mask-and-maps.png" "docs/overlay$suffix.png"
  cp "$figures/beak-layers.png" "docs/layers$suffix.png"
  cp "$figures/tail-heads-01.png" "docs/heads$suffix.png"
  # The box is drawn around what is at least half of the map's largest value.
  birds --out "$out/question-$theme" --words beak --threshold 0.5 --figures 7 --figure-theme "$theme"
  cp "$out/question-$theme/figures/00007-sample_000006/beak-question.png" "docs/question$suffix.png"
done

# Where the model looked when it said each word of three answers.
bird=$(find "$out" -name 'sample_000006.*' -path '*/images/*' | head -1)
dotnet run -c Release --project src/MLNetGrounding.Tool -- ask "$bird" \
  "What color is the beak?" "What color is the wing?" "What color is the tail?" --out "$out/answers"
cp "$out/answers/words.png" docs/answer.png

dotnet run -c Release docs/concepts/draw.cs -- docs/concepts

for browser in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$browser" >/dev/null; then
    for theme in dark light; do
      suffix=$([ "$theme" = dark ] && echo -dark || echo "")
      "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$out/browser" --force-device-scale-factor=0.8 \
        --blink-settings=preferredColorScheme=$([ "$theme" = dark ] && echo 0 || echo 1) \
        --virtual-time-budget=5000 --window-size=1280,3300 --screenshot="docs/report$suffix.png" "file://$out/report.html" 2>/dev/null
    done
    exit
  fi
done
