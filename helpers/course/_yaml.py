"""YAML with the line of every entry, and the check that an entry has what it needs and nothing else.

Only a working tree has YAML files: what is installed, or runs in a page, reads the packed JSON instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

Schema = Mapping[
    str, object
]  # key -> str, bool, a schema of the entries of a list; "?" after a key: optional


class ContentError(ValueError):
    """A file of the course does not say what it must; the message names file, line and what to do."""


def read(path: Path, schema: Schema) -> list[dict[str, Any]]:
    """The entries of a YAML file, each as `schema` wants it. Raises ContentError."""
    import yaml  # not at the top: a page reads JSON, and has no PyYAML

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise ContentError(
            f"{_shown(path)}{place}: this is no YAML ({reason}). Look at the indentation; put a text that "
            "holds “: ” or “ #” into '…'."
        ) from None
    return _List(path, schema).entries(tree)


class _List:
    """Checks one file; every complaint names its line."""

    def __init__(self, path: Path, schema: Schema) -> None:
        self.path, self.schema = path, schema

    def complaint(self, node: Any, message: str) -> ContentError:
        return ContentError(f"{_shown(self.path)}, line {node.start_mark.line + 1}: {message}")

    def entries(self, tree: Any) -> list[dict[str, Any]]:
        if tree is None:
            raise ContentError(f"{_shown(self.path)}: the file is empty; it must be a list of entries.")
        return self.listed(tree, self.schema, "the file")

    def listed(self, node: Any, schema: Schema, where: str) -> list[dict[str, Any]]:
        if node.id != "sequence" or not node.value:
            raise self.complaint(node, f"{where} must be a list: begin each entry with “- ”.")
        return [self.entry(item, schema) for item in node.value]

    def entry(self, node: Any, schema: Schema) -> dict[str, Any]:
        if node.id != "mapping":
            raise self.complaint(node, "an entry must have keys, as in “id: …”.")
        wanted = {key.rstrip("?"): kind for key, kind in schema.items()}
        found: dict[str, Any] = {}
        for key, value in node.value:
            if key.value not in wanted:
                raise self.complaint(
                    key, f"“{key.value}” is no key of an entry; the keys are {', '.join(wanted)}."
                )
            if key.value in found:
                raise self.complaint(key, f"“{key.value}” stands twice in one entry; remove one.")
            found[key.value] = self.value(value, wanted[key.value], key.value)
        for key in schema:
            if not key.endswith("?") and key not in found:
                raise self.complaint(node, f"this entry has no “{key}”; add it.")
        return found

    def value(self, node: Any, kind: object, key: str) -> Any:
        if isinstance(kind, Mapping):
            return self.listed(node, kind, f"“{key}”")
        if node.id != "scalar":
            raise self.complaint(
                node, f"“{key}” must be one text; put it into '…' if it begins with [ or {{."
            )
        text = node.value.strip()
        if kind is bool:
            if text not in ("true", "false"):
                raise self.complaint(node, f"“{key}” must be true or false.")
            return text == "true"
        if kind is int:
            if not text.isdecimal() or not int(text):
                raise self.complaint(node, f"“{key}” must be a whole number from 1 on.")
            return int(text)
        if not text:
            raise self.complaint(node, f"“{key}” is empty; fill it in, or remove it.")
        return text


def _shown(path: Path) -> str:
    """The path from the book on, as it is named everywhere."""
    parts = path.parts
    return "/".join(parts[parts.index("book") :]) if "book" in parts else path.name
