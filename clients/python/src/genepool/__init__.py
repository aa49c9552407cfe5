"""Client of the Genepool prompt registry."""

from .errors import (
    AccessRefused,
    GenepoolError,
    PromptNotFound,
    RegistryUnavailable,
    RenderUnavailable,
)
from .prompt import SOURCES, Prompt
from .service import PromptService

__version__ = "0.1.0"

__all__ = [
    "SOURCES",
    "AccessRefused",
    "GenepoolError",
    "Prompt",
    "PromptNotFound",
    "PromptService",
    "RegistryUnavailable",
    "RenderUnavailable",
    "__version__",
]
