"""Measures `qantar validate` beside a plain read and other validators, and checks what each of them finds.

    python benchmarks/validate.py --rows 1e5 1e6 --faults 0 0.001 --rounds 5

Every run is a process of its own. The tools run in turn within each round, and each time is divided by that of the
`read` of the same round: a typed polars read of the same files, all rows kept and nothing checked.
"""
# ruff: noqa: RUF001, S603 -- a script that runs commands and prints; signs are meant

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import itertools
import json
import math
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scoring import Score, findings, score

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
TOOLS = ["read", "qantar", "dataframely", "pandera", "duckdb", "pointblank", "frictionless"]
PACKAGES = ["polars", "frictionless", "pandera", "dataframely", "pointblank", "duckdb", "narwhals", "pyarrow"]
EXAMPLES = "100000000"
"""More examples than there are faults: all of them are compared."""

MARKER = "<!-- results: written by --markdown -->"


@dataclass
class Result:
    """What a tool took and found on one package."""

    tool: str
    rows: int
    faults: float
    seconds: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    score: Score = field(default_factory=Score)
    stopped: str = ""

    @property
    def median(self) -> float:
        """Seconds, the median of all rounds."""
        return statistics.median(self.seconds) if self.seconds else math.nan


def run(command: list[str], output: Path, timeout: float) -> tuple[float, float, int]:
    """Run a command: wall seconds, peak megabytes, exit code; negative where it was killed.

    The peak is that of the child alone, as long as this process stays smaller: Linux counts the parent's pages in.
    """
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY / "validate")}
    with output.open("wb") as out, output.with_suffix(".err").open("wb") as err:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        timer = threading.Timer(timeout, child.kill)
        timer.start()
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    return seconds, used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10), child.returncode


def command(tool: str, folder: Path, json_option: list[str]) -> list[str]:
    """The command line of a tool."""
    if tool == "qantar":
        options = ["--max-examples", EXAMPLES, *json_option]
        return [sys.executable, "-m", "qantar", "validate", str(folder), *options]
    return [sys.executable, str(HERE / "peers.py"), tool, str(folder)]


def json_option(scratch: Path) -> list[str]:
    """The option by which `qantar validate` writes JSON, as its help tells; nothing where it has none."""
    output = scratch / "help"
    run([sys.executable, "-m", "qantar", "validate", "--help"], output, 60)
    text = output.read_text(encoding="utf-8")
    option = re.search(r"--(?:output-)?format\b", text)
    return [option[0], "json"] if option and "json" in text else []


def package(cache: Path, rows: int, faults: float) -> Path:
    """The folder of a generated package; it is made if it is not there, or was made by another generator."""
    source = b"".join((HERE / name).read_bytes() for name in ("generation.py", "schemas.py"))
    digest = hashlib.sha256(source).hexdigest()[:8]
    folder = cache / f"{rows}-{faults:g}-{digest}"
    if not (folder / "datapackage.json").exists():
        generator = [sys.executable, str(HERE / "generation.py"), str(folder), str(rows), str(faults)]
        subprocess.run(generator, check=True)
    return folder


def measure(options: argparse.Namespace, rows: int, faults: float, scratch: Path) -> list[Result]:
    """Run all tools on one package, in turn within each round."""
    folder = package(options.folder, rows, faults)
    planted = [json.loads(line) for line in (folder / "faults.jsonl").read_text(encoding="utf-8").splitlines()]
    limits = {"frictionless": options.frictionless_max, "pointblank": options.pointblank_max}
    tools = ["read", *(tool for tool in options.tools if tool != "read" and rows <= limits.get(tool, rows))]
    results = {tool: Result(tool, rows, faults) for tool in tools}
    run(command("read", folder, []), scratch / "read", options.timeout)  # brings the files into the page cache
    for number in range(options.rounds):
        for tool, result in results.items():
            if not result.stopped:
                measure_once(result, command(tool, folder, options.json_option), scratch, options.timeout)
            if not result.stopped:
                result.ratios.append(result.seconds[-1] / results["read"].seconds[-1])
                result.score = result.score if number else score(planted, findings(scratch / tool))
    return list(results.values())


def measure_once(result: Result, line: list[str], scratch: Path, timeout: float) -> None:
    """Run a tool once; one that fails is not run again."""
    output = scratch / result.tool
    seconds, peak, code = run(line, output, timeout)
    print(f"  {result.rows:,} {result.faults:g} {result.tool} {seconds:.2f} s {peak:.0f} MB", file=sys.stderr)
    told = output.with_suffix(".err").read_text(encoding="utf-8", errors="replace").strip()
    if code and not (result.tool == "qantar" and code == 1 and "Traceback" not in told):  # its 1 says: faults found
        last = told.splitlines()[-1] if told else f"exit code {code}"
        result.stopped = f"killed after {seconds:.0f} s" if code < 0 else last[:200]
        return
    result.seconds.append(seconds)
    result.peaks.append(peak)


def warm_up(options: argparse.Namespace, scratch: Path) -> None:
    """Run each tool on a small package, so that its modules are compiled; leave out those that cannot run at all."""
    folder = package(options.folder, 1000, 0)
    for tool in list(options.tools):
        result = Result(tool, 1000, 0)
        measure_once(result, command(tool, folder, options.json_option), scratch, options.timeout)
        if result.stopped:
            print(f"{tool} left out: {result.stopped}", file=sys.stderr)
            options.tools.remove(tool)


def describe(results: list[Result]) -> Iterator[str]:
    """The results as Markdown: a table for each package, then growth and the cost of faults."""
    for rows, faults in dict.fromkeys((one.rows, one.faults) for one in results):
        those = [one for one in results if (one.rows, one.faults) == (rows, faults)]
        yield f"\n## {rows:,} rows, {f'{those[0].score.planted:,} faults' if faults else 'clean'}\n"
        yield "| tool | × read (median, min–max) | s | peak MB | found of planted | false | missed |"
        yield "|---|---|---|---|---|---|---|"
        yield from (row(one) for one in sorted(those, key=lambda one: one.median))
    yield "\n## Growth and the cost of faults\n"
    yield from growth(results)


def row(one: Result) -> str:
    """A result as a row of the table."""
    if one.stopped:
        return f"| {one.tool} | stopped: {one.stopped.replace('|', '/')} | | | | | |"
    told = one.score
    missed = ", ".join(f"{kind} {number:,}" for kind, number in told.missed.items()) or "–"
    ratio = f"{statistics.median(one.ratios):.2f} ({min(one.ratios):.2f}–{max(one.ratios):.2f})"
    counts = "| | | |" if one.tool == "read" else f"| {told.found:,} of {told.planted:,} | {told.false:,} | {missed} |"
    return f"| {one.tool} | {ratio} | {one.median:.2f} | {statistics.median(one.peaks):.0f} {counts}"


def growth(results: list[Result]) -> Iterator[str]:
    """How the time of each tool grows with the rows, and what faults add to it."""
    for tool in dict.fromkeys(one.tool for one in results):
        seconds = {(one.rows, one.faults): one.median for one in results if one.tool == tool and one.seconds}
        told = []
        for faults in sorted({faults for _, faults in seconds}):
            sizes = sorted(rows for rows, share in seconds if share == faults)
            pairs = list(itertools.pairwise(sizes))
            for low, high in [*pairs, *([(sizes[0], sizes[-1])] if len(pairs) > 1 else [])]:
                exponent = math.log(seconds[high, faults] / seconds[low, faults]) / math.log(high / low)
                told.append(f"exponent {exponent:.2f} from {low:.0e} to {high:.0e} rows at {faults:g}")
        for rows, faults in (one for one in sorted(seconds) if one[1] and (one[0], 0.0) in seconds):
            told.append(f"{seconds[rows, faults] / seconds[rows, 0.0]:.2f} × the clean run at {rows:.0e} rows")
        if told:
            yield f"- {tool}: {'; '.join(told)}"


def machine(rounds: int) -> Iterator[str]:
    """Where, when and with what was measured."""
    versions = []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"no {name}")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    described = ["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty", "--tags"]
    revision = subprocess.run(described, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
    yield f"- {datetime.now(UTC):%Y-%m-%d}, qantar at {revision}, {rounds} rounds"
    yield f"- {processor()}, {os.cpu_count()} cores, {memory:.0f} GB, load {os.getloadavg()[0]:.1f} at the start"
    yield f"- {platform.platform()}, Python {platform.python_version()}, {', '.join(versions)}"


def processor() -> str:
    """The processor's name."""
    try:
        names = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        names = None
    return names[1] if names else platform.processor()


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", nargs="+", type=float, default=[1e4, 1e5], help="rows of the largest table")
    parser.add_argument("--faults", nargs="+", type=float, default=[0, 0.001], help="shares of rows with a fault")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=TOOLS)
    parser.add_argument("--frictionless-max", type=float, default=1e5, help="most rows that frictionless is run on")
    parser.add_argument("--pointblank-max", type=float, default=1e6, help="most rows that pointblank is run on")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds after which a run is killed")
    parser.add_argument(
        "--folder", type=Path, help="where packages are kept for the next time; by default they are not"
    )
    parser.add_argument("--markdown", action="store_true", help="write the results to benchmarks/README.md")
    return parser.parse_args()


def main() -> None:
    """Measure, and print the results."""
    options = arguments()
    about = list(machine(options.rounds))
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="qantar-benchmark-") as name:
        scratch = Path(name)
        options.folder = options.folder or scratch
        options.json_option = json_option(scratch)
        warm_up(options, scratch)
        for rows in sorted(map(int, options.rows)):
            for faults in sorted(options.faults):
                results += measure(options, rows, faults, scratch)
    text = "\n".join([*about, *describe(results)])
    print(text)
    if options.markdown:
        readme = HERE / "README.md"
        before = readme.read_text(encoding="utf-8").partition(MARKER)[0]
        readme.write_text(f"{before}{MARKER}\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
