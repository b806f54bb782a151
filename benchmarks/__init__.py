"""What has to be fast, measured. `make bench` runs all of it; each module also runs alone: `python -m benchmarks.page_cache`.

A module that has a function `tables(*, is_quick)`, which gives tables, has a place in `benchmarks/RESULTS.md`.
"""
