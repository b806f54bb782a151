"""What is looked at before a story is put before readers: each check a small class, `registry.py` has them all."""
