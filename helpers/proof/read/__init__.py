"""Text into statements. Nothing that is read is ever run."""
