"""Canonical JSON as the registry hashes it: keys sorted by UTF-16 code unit, no white space, JavaScript's numbers."""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any

_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical_json(value: Any) -> str:
    """The one text that equal data has. Raises TypeError for what JSON cannot say."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(canonical_json(item) for item in value) + "]"
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(_text(key) + ":" + canonical_json(member) for key, member in members) + "}"
    raise TypeError(f"canonical JSON cannot hold a {type(value).__name__}")


def content_hash(content: str, parameters: Any, tools: Any) -> str:
    """The registry's identity of a prompt, as 64 hex digits: sha-256 over what it says and how it is run."""
    genome = {"content": content, "parameters": parameters, "tools": tools}
    return hashlib.sha256(canonical_json(genome).encode("utf-8")).hexdigest()


def _text(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found.group()):04x}", quoted)


def _number(number: Any) -> str:
    """A number as ECMAScript prints it: Python's shortest digits, laid out by JavaScript's rules."""
    value = float(number)
    if not math.isfinite(value):
        raise TypeError("canonical JSON cannot hold NaN or infinity")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent_text = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = "" if fraction == "0" else fraction
    point = len(whole) + int(exponent_text or 0)
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    exponent = point - 1
    tail = "" if count == 1 else "." + digits[1:]
    return f"{sign}{digits[0]}{tail}e{'+' if exponent >= 0 else '-'}{abs(exponent)}"
