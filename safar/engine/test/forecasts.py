"""Forecasts run: figures of a population, each judged by its interval."""

from __future__ import annotations

from fractions import Fraction

from safar.engine import spelling
from safar.engine.expression import CURRENCIES, MONEY_STEP
from safar.engine.model import Project
from safar.engine.promises import Forecast
from safar.engine.simulate import forecasts
from safar.engine.simulate.batches import People
from safar.engine.simulate.forecasts import FAILED, PASSED, Judgement
from safar.engine.simulate.measures import Figure
from safar.engine.simulate.population import Progress
from safar.engine.simulate.words import duration
from safar.engine.test.results import Failure, Measured, Tested, Verdict

_OPS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than", "==": "", "!=": "other than"}


def run_forecast(project: Project, forecast: Forecast, otherwise: People, progress: Progress | None = None) -> Tested:
    """Simulate as many customers as it takes, at most as many as the forecast says, or `otherwise`.

    Raises `LimitExceededError` where a journey runs without end.
    """
    people = People(
        n=otherwise.n if forecast.customers is None else forecast.customers,
        seed=otherwise.seed if forecast.seed is None else forecast.seed,
        start=otherwise.start,
    )
    judged = forecasts.judge(project, forecast, people, progress) if forecast.expects else ()
    failures = tuple(_failure(one) for one in judged if one.verdict == FAILED)
    if not judged:
        failures = (_empty(forecast),)
    undecided = any(one.verdict not in (PASSED, FAILED) for one in judged)
    return Tested(
        test=forecast,
        project=project,
        verdict=Verdict.FAILED if failures else Verdict.UNDECIDED if undecided else Verdict.PASSED,
        failures=failures,
        measured=tuple(_measured(one) for one in judged),
        customers=max((one.customers for one in judged), default=0),
    )


def _empty(forecast: Forecast) -> Failure:
    return Failure(
        span=forecast.span,
        message="the forecast expects nothing, so that it tests nothing",
        label="without `expect`",
        help="say what the figures shall be, as in `expect won at least 12%`",
    )


def _failure(one: Judgement) -> Failure:
    return Failure(span=one.comparison.span, message=said(one), label="not so")


def _measured(one: Judgement) -> Measured:
    words = {PASSED: "equivalent" if one.comparison.op == "==" else "better", FAILED: "worse"}
    return Measured(
        span=one.comparison.span,
        text=said(one),
        verdict=words.get(one.verdict, "undecided"),
        value=None if one.left is None else float(one.left.value),
        wanted=None if one.right is None else float(one.right.value),
        low=one.low,
        high=one.high,
        unit="%" if _is_share(one) else one.left.unit if one.left is not None else "",
        needed=one.needed,
    )


def said(one: Judgement) -> str:
    """A judgement as a person reads it."""
    comparison = one.comparison
    left, right = comparison.left.span.text, comparison.right.span.text
    if one.left is None or one.right is None:
        lacking = left if one.left is None else right
        return f"`{_words(lacking)}` cannot be told from {one.customers:,} customers: it is divided by nothing"
    share = _is_share(one)
    bound = shown(one.right, share)
    wanted = f"{_OPS[comparison.op]} {bound}".strip()
    if _words(right) != bound:
        wanted += f" (`{_words(right)}`)" if comparison.right.kind != "number" else ""
    if one.low is None or one.high is None:
        few = f"{one.customers:,} customers are too few to tell"
        return f"`{_words(left)}` is {shown(one.left, share)}, wanted {wanted}: {few}"
    low, high = (_difference(end, one.left.unit, share) for end in (one.low, one.high))
    points = " points" if share else ""
    text = f"`{_words(left)}` is {shown(one.left, share)}, wanted {wanted}; the difference is {low} to {high}{points}"
    if one.verdict in (PASSED, FAILED):
        return text
    would = f"about {one.needed:,} would do" if one.needed else "no number would do"
    return f"{text}: {one.customers:,} customers are too few to tell, {would}"


def _is_share(one: Judgement) -> bool:
    return forecasts.is_share(one.comparison)


def _words(text: str) -> str:
    return " ".join(text.split()).replace("`", "'")


def shown(figure: Figure, share: bool = False) -> str:
    """A figure with its unit.

    >>> shown(Figure(Fraction(1, 8)), share=True), shown(Figure(Fraction(5, 2), "EUR")), shown(Figure(Fraction(7), "s"))
    ('12.5%', '2.50 EUR', '7s')
    """
    if share:
        return f"{float(figure.value) * 100:.2f}".rstrip("0").rstrip(".") + "%"
    if figure.unit == "s":
        return duration(round(figure.value))
    if figure.unit in CURRENCIES:
        digits = CURRENCIES[figure.unit]
        return spelling.money(round(figure.value * 10**digits) * MONEY_STEP, figure.unit)
    return f"{float(figure.value):.4g}"


def _difference(value: float, unit: str, share: bool) -> str:
    """An end of the difference with its sign; of shares in percentage points."""
    return ("-" if value < 0 else "+") + shown(Figure(Fraction(abs(value)), unit), share).removesuffix("%")
