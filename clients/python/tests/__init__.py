"""`python3 -m unittest discover -s tests -t .` in this folder: the package is read from its sources."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
