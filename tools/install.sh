#!/bin/sh
# Create the virtual environment and install the lock into it. Usage: tools/install.sh VENV
# UV_TORCH_BACKEND=cpu|auto|cu128|… picks another build of torch than the default of the package index.
set -eu
venv=$1
python3 - <<'PY'
import sys
if sys.version_info < (3, 11):
    sys.exit(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: install a newer python3 first.")
PY
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet "$(grep -oE '^uv==[^ ]+' requirements.lock)"

install() { "$venv/bin/uv" pip install --python "$venv/bin/python" "$@"; }
if [ -n "${UV_TORCH_BACKEND:-}" ]; then
    # The hashes in requirements-torch.lock are those of the default build, so only its versions are kept.
    backend=$UV_TORCH_BACKEND; unset UV_TORCH_BACKEND
    install --require-hashes -r requirements.lock
    install --torch-backend "$backend" $(grep -oE '^(torch|torchvision)==[^ ]+' requirements-torch.lock)
else
    install --require-hashes -r requirements.lock -r requirements-torch.lock
fi
install --no-deps --quiet --editable .
touch "$venv/.installed"
