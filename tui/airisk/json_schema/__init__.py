"""JSON Schema: resolved, shown as an example, validated in words."""
