"""Writes a GGUF model again with its quantized matrices as Q8_0, which processors without a graphics card multiply faster.

    .venv/bin/pip install gguf
    .venv/bin/python bench/local-model/requantize.py smollm2.Q8_0.gguf
    .venv/bin/python bench/local-model/serve.py --model smollm2.Q8_0.gguf

Nothing is gained in precision: the numbers are those of the packaged file, in a wider form.
"""

import argparse
import pathlib
import sys

from serve import packaged_weights

try:
    from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter, quants
except ImportError:
    sys.exit("gguf is missing. Install it: pip install gguf")

ARCHITECTURE = "general.architecture"
FILE_TYPE = "general.file_type"
MOSTLY_Q8_0 = 7
UNQUANTIZED = (GGMLQuantizationType.F32, GGMLQuantizationType.F16)


def requantize(source: pathlib.Path, target: pathlib.Path) -> None:
    reader = GGUFReader(source)
    writer = GGUFWriter(target, reader.fields[ARCHITECTURE].contents())
    for field in reader.fields.values():
        if field.name == ARCHITECTURE or field.name.startswith("GGUF."):
            continue
        if field.name == FILE_TYPE:
            writer.add_file_type(MOSTLY_Q8_0)
            continue
        kind = field.types[0]
        writer.add_key_value(
            field.name, field.contents(), kind, sub_type=field.types[-1] if kind == GGUFValueType.ARRAY else None
        )
    for tensor in reader.tensors:
        if tensor.tensor_type in UNQUANTIZED:
            writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
            continue
        numbers = quants.dequantize(tensor.data, tensor.tensor_type)
        kind = GGMLQuantizationType.Q8_0
        writer.add_tensor(tensor.name, quants.quantize(numbers, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=pathlib.Path, help="the file to write")
    parser.add_argument("--model", type=pathlib.Path, help="a GGUF file; the packaged weights by default")
    options = parser.parse_args()
    source = options.model or packaged_weights()
    if options.target.exists():
        sys.exit(f"{options.target} exists already.")
    requantize(source, options.target)
    print(f"{options.target}: {options.target.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
