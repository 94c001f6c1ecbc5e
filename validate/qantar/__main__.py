"""`python -m qantar`."""

from qantar.commands import run

run()
