"""What is measured, beside what it is measured against, in one run: `make bench`."""
