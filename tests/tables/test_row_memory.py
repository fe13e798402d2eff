"""However many rows a file has, no more of them are held than some."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCALE = float(os.environ.get("SAFAR_TEST_SCALE", "0.1"))
MANY = int(1_000_000 * SCALE)
MORE = 30 << 10
"""Kibibytes that many rows may take more than few."""

READ = """
import sys
from pathlib import Path
from safar.dsl.read import read_text
from safar.people import Crowd, found
project = read_text("customer { orders: integer = 0; city: text? }\\njourney j { stage s { wait 1d } }").project
people = found(project, Crowd(customers=Path(sys.argv[1])), otherwise=1)
assert sum(1 for _ in people.customers) == people.n == int(sys.argv[2])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def write(path: Path, count: int) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8") as file:
            file.write("customer,orders,city\n")
            file.writelines(f"{n},{n % 7},Tehran\n" for n in range(count))
        return path
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    from pyarrow.parquet import write_table

    columns = {"customer": range(count), "orders": [n % 7 for n in range(count)], "city": ["Tehran"] * count}
    write_table(pyarrow.table(columns), path)
    return path


def peak(path: Path, count: int) -> int:
    """Kibibytes that a process takes to read the file twice, as a simulation does."""
    command = [sys.executable, "-c", READ, str(write(path, count)), str(count)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_memory_does_not_grow_with_rows(ending: str, tmp_path: Path) -> None:
    few, many = (peak(tmp_path / f"{count}.{ending}", count) for count in (5_000, MANY))
    assert many - few < MORE
