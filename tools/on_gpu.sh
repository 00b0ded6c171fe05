#!/usr/bin/env bash
# What an accelerator must do, and what it is worth, in one JSON file: the tests marked `gpu`; `fit` and sweeps
# beside what they are usually done with; MNIST to 99 % from a hundred starts; claims measured anew.
#
#   COURSE_DATA=/where/MNIST/is bash tools/on_gpu.sh [--dry] [--out FILE] [--commit NAME]
#
#   --dry      on the processor, with a few images, in seconds: does all of this still run?
#   --out      the file to write; default book/on-gpu.json, which the site shows; with --dry _build/on_gpu_dry.json
#   --commit   what is written as the commit where git cannot say it (a copy without .git)
#   PYTHON     the Python to use, default python3
#
# It installs nothing and needs no network: a Python with torch, torchvision, numpy, scipy, sympy, scikit-learn,
# matplotlib and pytest will do. The claims need PyYAML, too: where the machine lacks it, put it (3 MB) beside the
# repository's files before they travel, with `pip install --target _build/travel pyyaml`. Else MNIST's four packed
# files (12 MB) are all that travels with the repository (15 MB). At most ten minutes: 2.5 for the tests, 7.5 for
# the bench; --dry takes half a minute of one processor. Ends with 1 if a test failed, with 2 if there is no CUDA
# device; what was measured is written in any case.
set -u
cd "$(dirname "$0")/.." || exit 1

python=${PYTHON:-python3}
dry=""
out=""
commit=""
while [ $# -gt 0 ]; do
  case $1 in
    --dry) dry=--dry ;;
    --out) out=${2:?--out needs a file}; shift ;;
    --commit) commit=${2:?--commit needs a name}; shift ;;
    *) echo "Unknown option $1: see the first lines of tools/on_gpu.sh." >&2; exit 64 ;;
  esac
  shift
done
if [ -z "$out" ]; then
  if [ -n "$dry" ]; then out=_build/on_gpu_dry.json; else out=book/on-gpu.json; fi
fi

export PYTHONPATH=$PWD:$PWD/_build/travel COURSE_QUIET=1 CUBLAS_WORKSPACE_CONFIG=:4096:8
if [ -z "$dry" ] && ! "$python" -c "import sys, torch; sys.exit(not torch.cuda.is_available())"; then
  echo "There is no CUDA device that this torch can use: tools/on_gpu.sh --dry runs on the processor." >&2
  exit 2
fi
some=""
limit=150
bench_limit=450
if [ -n "$dry" ]; then
  export GPU_TESTS_ON=cpu COURSE_DEVICE=cpu COURSE_OFFLINE=1 OMP_NUM_THREADS=1
  limit=600 bench_limit=1200  # nothing is waited for but a busy processor
  some="not momentum and not ada and not convolutional"  # torch.optim alone takes seconds to load
fi

at_most() {  # seconds command…; macOS has no `timeout`
  if command -v timeout >/dev/null; then timeout "$@"; else shift; "$@"; fi
}

junit=$(mktemp) || exit 1
trap 'rm -f "$junit"' EXIT
# -W default: a newer torch may warn of what an older one does not, and that is not what is asked here.
at_most $limit "$python" -m pytest tests/test_gpu.py -m gpu -k "$some" -W default -p no:cacheprovider --junitxml="$junit"
tests=$?
at_most $bench_limit "$python" bench/on_gpu.py --out "$out" --tests "$junit" --commit "$commit" $dry
bench=$?
echo "Written: $out"
[ $tests -eq 0 ] && [ $bench -eq 0 ]
