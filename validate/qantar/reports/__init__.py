"""A report in the formats in which it is read; strings out, nothing printed."""
