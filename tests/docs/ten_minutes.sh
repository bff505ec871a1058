#!/usr/bin/env bash
# Runs the commands of docs/ten-minutes.md as they stand there, one block after the other, on fewer pictures and trainings:
#   ten_minutes.sh PROJECT ESPALIER FOLDER
set -euo pipefail
project=$1
espalier=$2
folder=$3
# The Python of Debian's python3-torch and python3-pil, and the ONNX Runtime of scripts/onnxruntime-wheel.
export PATH=/usr/bin:$PATH PYTHONPATH=$project/build/onnxruntime

rm -rf "$folder"
mkdir -p "$folder/scripts"
cd "$folder"
ln -s "$project/configs" configs
cat >scripts/make-pictures <<SCRIPT
#!/bin/sh
exec "$project/scripts/make-pictures" "\$@" --train 16 --test 8
SCRIPT
chmod +x scripts/make-pictures

espalier() {
  local smoke=()
  if [ "$1" = run ]; then smoke=(--smoke); fi
  "$espalier" "$@" "${smoke[@]}"
}

# shellcheck disable=SC1090  # the blocks are the program
source <(awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$project/docs/ten-minutes.md")
