"""Speed, measured beside a bare baseline in the same run. `make bench` runs every module called bench_*.py here."""
