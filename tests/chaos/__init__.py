"""A campaign of thousands through a faulty upstream while workers are killed and the broker is lost: `make chaos`.

Named checks R1 to R4, R6, R27 and R30, each on real processes: sandbox, supervisor, workers, beat, web. What really went
out is asked of the sandbox's ledger. Not part of `make test`, which runs a short version (`tests/reliability/test_chaos.py`).
"""
