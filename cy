#!/bin/sh
# Finds a Python, then hands over: src/chengyun/app/bootstrap.py prepares .venv and web/dist, then runs the command.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'
works() { command -v "$1" >/dev/null 2>&1 && "$1" -c "$new_enough" >/dev/null 2>&1; }

python=''
for name in "$here/.venv/bin/python" python3 python3.14 python3.13 python3.12 python3.11 python; do
  if works "$name"; then python=$name; break; fi
done
if [ -z "$python" ] && command -v uv >/dev/null 2>&1; then
  python=$(uv python find '>=3.11' 2>/dev/null) || python=''
fi
if [ -z "$python" ]; then
  echo "cy: Python 3.11 or newer is needed and was not found. On Debian or Ubuntu:" >&2
  echo "    sudo apt-get install -y python3 python3-venv" >&2
  exit 1
fi
exec "$python" -P "$here/src/chengyun/app/bootstrap.py" "$here" "$@"
