"""Lets ``python -m anagen.cli`` stand for the command."""

from anagen.cli.main import main

main()
