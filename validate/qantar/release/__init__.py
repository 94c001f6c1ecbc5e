"""Releases: compared, built reproducibly, verified, published."""
