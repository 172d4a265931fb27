"""Queries over published snapshots, run in processes that can be killed."""
