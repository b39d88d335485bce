"""Runs the code blocks of docs/review.md about many repositories, in their order, and compares their output.

A `text` block shows what the block before it prints. A block without one must only run.
"""

import contextlib
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import duckdb
import yaml
from pyspark.sql import SparkSession

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/review.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n", re.M | re.S)
CLONES = {"shop": "fixtures/demo", "console": "fixtures/projects/mixpanel-breach"}


def section(page):
    start = page.index("## Many repositories")
    return start, page.index("## How it is tested")


def prepare(folder):
    """A folder with clones, and `overshare` on the path."""
    (folder / "bin").mkdir()
    (folder / "bin/overshare").symlink_to(os.environ["OVERSHARE"])
    os.environ["PATH"] = f"{folder / 'bin'}:{os.environ['PATH']}"
    for name in ["clones", "reports", "spark"]:
        (folder / name).mkdir()
    for name, path in CLONES.items():
        shutil.copytree(ROOT / path, folder / "clones" / name)
    os.chdir(folder)


def shell(code, _):
    subprocess.run(["bash", "-euc", code], check=True, capture_output=True)
    return ""


def sql(code, _):
    answer = duckdb.sql(code)
    return "" if answer is None else str(answer)


def python(code, names):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(code, names)
    return out.getvalue()


def workflow(code, _):
    jobs = yaml.safe_load(code)["jobs"]
    assert jobs["merge"]["needs"] in jobs
    return ""


RUN = {"sh": shell, "sql": sql, "python": python, "yaml": workflow}


def main():
    page = PAGE.read_text()
    start, end = section(page)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        prepare(folder)
        spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        # Every report must be there before the first is merged: the page shows the fan-out last.
        blocks = list(BLOCK.finditer(page, start, end))
        for block in blocks:
            if block[1] == "sh" and "parallel" in block[2]:
                shell(block[2], None)
        clones = [str(path) for path in sorted((folder / "clones").iterdir())] + [str(folder / "nothing")]
        names = {"spark": spark, "clones": clones, "reports": str(folder / "spark")}
        text, wrong, at = page[:start], 0, start
        printed = None
        for block in blocks:
            kind, shown = block[1], block[2]
            if kind == "text":
                text += page[at : block.start(2)] + printed
                at = block.end(2)
                if shown != printed:
                    wrong += 1
                    print(f"the page shows:\n{shown}\nbut this is printed:\n{printed}", file=sys.stderr)
            else:
                printed = RUN[kind](shown, names).strip("\n") + "\n"
        text += page[at:]
        failed = names["failed"]
        assert [(clone, code) for clone, code, _ in failed] == [(str(folder / "nothing"), 2)], failed
        for name in CLONES:
            same = (folder / "spark" / f"{name}.json").read_text().replace(str(folder) + "/", "")
            assert same == (folder / "reports" / f"{name}.json").read_text(), f"Spark and parallel differ: {name}"
        rows = duckdb.sql("SELECT count(*) FROM 'findings.parquet'").fetchall()
        assert rows == [(spark.read.parquet("findings").count(),)], rows
        spark.stop()
        os.chdir(ROOT)
    if os.environ.get("UPDATE"):
        PAGE.write_text(text)
    elif wrong:
        sys.exit("docs/review.md is stale: UPDATE=1 tests/tables/run")
    print(f"{len(blocks)} blocks of docs/review.md ran")


main()
