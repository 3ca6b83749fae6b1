"""`anagen serve`: the decision aid on this machine."""

import os

import click

MISSING = 4
OUTPUT = 5


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8080,
    show_default=True,
    help="0: any free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=None,
    help="Processes that compute; default: one for each core.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    help="Name under which people reach it, such as a proxy's; may be given again.",
)
def serve(host: str, port: int, workers: int | None, names: tuple[str, ...]) -> None:
    """Serve the decision aid and its API on this machine.

    No account, no network, nothing stored. It listens to this machine alone unless --host says
    otherwise. Ctrl-C ends it.
    """
    try:
        from anagen.web.server import PortTaken, serve_until_stopped
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("anagen"):
            raise
        click.echo(f"{error.name} is not installed: pip install 'anagen[web]'", err=True)
        raise SystemExit(MISSING) from None
    try:
        serve_until_stopped(host, port, workers or os.cpu_count() or 1, names, _say)
    except PortTaken as taken:
        click.echo(str(taken), err=True)
        raise SystemExit(OUTPUT) from None


def _say(text: str) -> None:
    click.echo(text, err=True)
