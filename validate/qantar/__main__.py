"""`python -m qantar`."""

from qantar.commands import main

main()
