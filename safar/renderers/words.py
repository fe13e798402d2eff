"""The words of a map in each language.  A new language is one more table; texts of the user are never in it."""

from __future__ import annotations

import datetime
import re

from safar.engine import spelling
from safar.renderers.jalali import FIRST, MONTHS, jalali

RIGHT_TO_LEFT = ("fa",)

_UNIT_WORDS = {
    "en": {"d": "day", "h": "hour", "m": "minute", "s": "second"},
    "fa": {"d": "روز", "h": "ساعت", "m": "دقیقه", "s": "ثانیه"},
}

_PERSIAN_DIGITS = str.maketrans("0123456789%", "۰۱۲۳۴۵۶۷۸۹٪")
_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")

_TABLES: dict[str, dict[str, str]] = {
    "en": {
        "start": "Start",
        "if": "{what} if {condition}",
        "or": " or ",
        "comma": ", ",
        "yes": "yes",
        "no": "no",
        "question": "{what}?",
        "named": "{what}: {condition}",
        "answers": "{event} ({touchpoint})",
        "within": "{what} within {time}",
        "where": "{what} where {condition}",
        "wait": "Wait {time}",
        "wait up to": "Wait up to {time}",
        "wait until": "Wait until {when}",
        "clock": "{time}",
        "weekday clock": "{day}, {time}",
        "on the day": "{what}",
        "days before": "{days} before {what}",
        "days after": "{days} after {what}",
        "at time": "{what}, {time}",
        "no answer": "no answer after {time}",
        "nothing by then": "nothing by then",
        "passed": "past or unknown",
        "repeat": "Repeat up to {times} times",
        "repeat once": "Up to once",
        "every": "every {time}",
        "round": "each round",
        "rounds done": "after {times} rounds",
        "until": "until {what}",
        "stops": "as soon as {what}",
        "call": "{action} ({arguments})",
        "task": "Task for {team}: {what}",
        "start journey": "Begin journey: {journey}",
        "at channel": "At: {channel}",
        "by channel": "By: {channel}",
        "transactional": "transactional",
        "does": "Does: {what}",
        "feeling": "Feeling {score}: {text}",
        "feeling alone": "Feeling {score}",
        "for": "{what} ({personas})",
        "owner": "Owner: {team}",
        "goal": "Goal: {what}",
        "at least": "at least {level}",
        "at most": "at most {level}",
        "each": "Each {unit}, {time}",
        "yearly": "Each year on {attribute}, {time}",
        "on date": "On {date}, {time}",
        "each occasion": "Each {occasion}, {time}",
        "per": "{what} (per {field})",
        "never": "Once per customer",
        "always": "Again every time",
        "after": "Again after {time} at the earliest",
        "hold out": "{share} held out as a control group",
        "anywhere": "At any time",
        "in stage": "At any time in this stage",
        "then": "Then: {what}",
        "horizon": "Ends after {time} at the latest",
        "completed": "completed",
        "end": "End: {outcome}",
        "legend contact": "Contact",
        "legend wait": "Wait",
        "legend choice": "Condition",
        "legend chance": "By chance",
        "legend loop": "Repetition",
        "legend effect": "Action",
        "legend interrupt": "Interrupt",
        "legend end": "Outcome",
        "description": "{stages} stages, {steps} steps, {outcomes} outcomes",
        "note doing": "Does: {text}",
        "note thinking": "Thinks: {text}",
        "note question": "Asks: {text}",
        "note pain": "Pain: {text}",
        "note opportunity": "Opportunity: {text}",
        "note needs": "Needs: {text}",
        "steps": "{count} steps",
        "one step": "1 step",
        "more steps": "{count} more steps",
        "one more step": "1 more step",
        "ways": "{count} ways",
        "to part": "To: {stage}",
        "from part": "From: {stage}",
        "went": "{count} · {share}",
        "gone": "{count} leave here ({share})",
        "stay": "{time} here on average",
        "weak left": "Bottleneck: most leave here",
        "weak time": "Bottleneck: most time is spent here",
        "visit": "{number}: {time}",
        "since": "after {time}",
        "finding": "{number} {severity}: {text}",
        "severity error": "error",
        "severity warning": "warning",
        "severity info": "note",
        "way of": "The way of customer {customer}",
        "simpler whole": "Each stage by itself: all in one could not be laid out in time",
        "simpler closed": "Stages are closed: all their steps could not be laid out in time",
        "legend time": "Time is up",
        "legend back": "Way back",
        "legend stage": "Closed stage",
        "legend stub": "More steps",
        "legend link": "Goes on elsewhere",
        "legend count": "The wider, the more went there",
        "legend none": "Nobody went there",
        "legend weak": "Bottleneck",
        "legend on way": "Way of the customer",
        "legend pain": "Pain",
        "legend note": "Note",
        "quoted": "“{text}”",
        "lane customers": "Customers",
        "come": "{count} come ({share})",
        "leave": "{count} leave here ({share})",
        "met times": "met {count} times",
        "simulated": "simulated {value}",
        "target met": "met",
        "missed": "missed",
        "lane doing": "Does",
        "lane thinking": "Thinks",
        "lane question": "Asks",
        "lane feeling": "Feels",
        "lane pain": "Pains",
        "lane opportunity": "Opportunities",
        "lane behind": "Behind the scenes",
        "lane needs": "Needs",
        "lane cost": "Costs",
        "lane measure": "Measures",
        "lane owner": "Owner",
        "lane ways out": "Leaves as",
        "lane evidence": "Evidence",
        "no channel": "No channel",
        "share": "{share} of customers",
        "everyone": "Everyone",
        "mark": "[{number}]",
        "data": "Data: {what}",
        "target": "{what}: {level}",
        "measured": "Measure: {what}",
        "beside": "Beside it: {journey}",
        "to build": "{amount} to build",
        "per message": "{amount} per message",
        "per customer": "{amount} per customer",
        "per day": "{amount} per day",
        "per month": "{amount} per month",
        "per event": "{amount} per {event}",
        "own lines": "only {persona}",
        "only in": "only in {journey}",
        "map description": "{stages} stages, {touchpoints} touchpoints",
        "map feelings": "feelings from {low} to {high}",
        "day": "day",
        "month": "month",
        **{d: d.capitalize() for d in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")},
    },
    "fa": {
        "start": "آغاز",
        "if": "{what} اگر {condition}",
        "or": " یا ",
        "comma": "، ",
        "yes": "بله",
        "no": "نه",
        "question": "{what}؟",
        "named": "{what}: {condition}",
        "answers": "{event} ({touchpoint})",
        "within": "{what} در {time}",
        "where": "{what} با {condition}",
        "wait": "{time} صبر",
        "wait up to": "تا {time} صبر",
        "wait until": "صبر تا {when}",
        "clock": "ساعت {time}",
        "weekday clock": "{day} ساعت {time}",
        "on the day": "{what}",
        "days before": "{days} پیش از {what}",
        "days after": "{days} پس از {what}",
        "at time": "{what}، ساعت {time}",
        "no answer": "بی‌پاسخ پس از {time}",
        "nothing by then": "تا آن زمان هیچ",
        "passed": "گذشته یا نامعلوم",
        "repeat": "تکرار تا {times} بار",
        "repeat once": "تا یک بار",
        "every": "هر {time}",
        "round": "هر دور",
        "rounds done": "پس از {times} دور",
        "until": "تا {what}",
        "stops": "به محض {what}",
        "call": "{action} ({arguments})",
        "task": "کار برای {team}: {what}",
        "start journey": "آغاز سفر: {journey}",
        "at channel": "در: {channel}",
        "by channel": "با: {channel}",
        "transactional": "پیام خدماتی",
        "does": "انجام: {what}",
        "feeling": "احساس {score}: {text}",
        "feeling alone": "احساس {score}",
        "for": "{what} ({personas})",
        "owner": "مسئول: {team}",
        "goal": "هدف: {what}",
        "at least": "دست‌کم {level}",
        "at most": "حداکثر {level}",
        "each": "هر {unit} ساعت {time}",
        "yearly": "هر سال روز {attribute} ساعت {time}",
        "on date": "در {date} ساعت {time}",
        "each occasion": "هر {occasion} ساعت {time}",
        "per": "{what} (برای هر {field})",
        "never": "هر مشتری یک بار",
        "always": "هر بار دوباره",
        "after": "دوباره، دست‌کم پس از {time}",
        "hold out": "{share} گروه شاهد",
        "anywhere": "در هر زمان",
        "in stage": "در هر زمان از این مرحله",
        "then": "سپس: {what}",
        "horizon": "پایان، حداکثر پس از {time}",
        "completed": "تمام شد",
        "end": "پایان: {outcome}",
        "legend contact": "تماس",
        "legend wait": "صبر",
        "legend choice": "شرط",
        "legend chance": "قرعه",
        "legend loop": "تکرار",
        "legend effect": "اقدام",
        "legend interrupt": "وقفه",
        "legend end": "پایان",
        "description": "{stages} مرحله، {steps} گام، {outcomes} پایان",
        "note doing": "کار: {text}",
        "note thinking": "فکر: {text}",
        "note question": "پرسش: {text}",
        "note pain": "رنج: {text}",
        "note opportunity": "فرصت: {text}",
        "note needs": "نیاز: {text}",
        "steps": "{count} گام",
        "one step": "۱ گام",
        "more steps": "{count} گام دیگر",
        "one more step": "۱ گام دیگر",
        "ways": "{count} راه",
        "to part": "به: {stage}",
        "from part": "از: {stage}",
        "went": "{count} · {share}",
        "gone": "{count} اینجا می‌روند ({share})",
        "stay": "به‌طور میانگین {time} در اینجا",
        "weak left": "گلوگاه: بیشترین رفتن از اینجا",
        "weak time": "گلوگاه: بیشترین زمان در اینجا",
        "visit": "{number}: {time}",
        "since": "پس از {time}",
        "finding": "{number} {severity}: {text}",
        "severity error": "خطا",
        "severity warning": "هشدار",
        "severity info": "آگاهی",
        "way of": "راه مشتری {customer}",
        "simpler whole": "هر مرحله جدا: همه یک‌جا به‌موقع چیده نشد",
        "simpler closed": "مرحله‌ها بسته‌اند: همهٔ گام‌ها به‌موقع چیده نشدند",
        "legend time": "پایان زمان",
        "legend back": "راه بازگشت",
        "legend stage": "مرحلهٔ بسته",
        "legend stub": "گام‌های دیگر",
        "legend link": "ادامه در جای دیگر",
        "legend count": "هرچه پهن‌تر، رفتهٔ بیشتر",
        "legend none": "کسی نرفت",
        "legend weak": "گلوگاه",
        "legend on way": "راه مشتری",
        "legend pain": "رنج",
        "legend note": "یادداشت",
        "quoted": "«{text}»",
        "lane customers": "مشتریان",
        "come": "{count} می‌آیند ({share})",
        "leave": "{count} اینجا می‌روند ({share})",
        "met times": "{count} بار",
        "simulated": "شبیه‌سازی {value}",
        "target met": "رسیده",
        "missed": "نرسیده",
        "lane doing": "چه می‌کند",
        "lane thinking": "چه فکر می‌کند",
        "lane question": "چه می‌پرسد",
        "lane feeling": "چه احساسی دارد",
        "lane pain": "دردها",
        "lane opportunity": "فرصت‌ها",
        "lane behind": "پشت صحنه",
        "lane needs": "نیازها",
        "lane cost": "هزینه‌ها",
        "lane measure": "سنجه‌ها",
        "lane owner": "مسئول",
        "lane ways out": "پایان‌ها",
        "lane evidence": "شاهد",
        "no channel": "بی‌کانال",
        "share": "{share} مشتریان",
        "everyone": "همه",
        "mark": "[{number}]",
        "data": "داده: {what}",
        "target": "{what}: {level}",
        "measured": "سنجه: {what}",
        "beside": "در کنار آن: {journey}",
        "to build": "{amount} برای ساخت",
        "per message": "{amount} برای هر پیام",
        "per customer": "{amount} برای هر مشتری",
        "per day": "{amount} در روز",
        "per month": "{amount} در ماه",
        "per event": "{amount} برای هر {event}",
        "own lines": "فقط {persona}",
        "only in": "فقط در {journey}",
        "map description": "{stages} مرحله، {touchpoints} نقطهٔ تماس",
        "map feelings": "احساس از {low} تا {high}",
        "day": "روز",
        "month": "ماه",
        "monday": "دوشنبه",
        "tuesday": "سه‌شنبه",
        "wednesday": "چهارشنبه",
        "thursday": "پنجشنبه",
        "friday": "جمعه",
        "saturday": "شنبه",
        "sunday": "یکشنبه",
    },
}


class Words:
    """The words of one language (English where there is no table).

    >>> Words("en").say("wait", time=Words("en").duration(172_800)), Words("fa").duration(5_400)
    ('Wait 2 days', '۹۰ دقیقه')
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in _TABLES else "en"
        self.from_right = self.language in RIGHT_TO_LEFT
        self._table = _TABLES[self.language]
        self._units = _UNIT_WORDS[self.language]

    def say(self, key: str, **parts: str) -> str:
        """A sentence of ours with pieces set in; pieces are never read as patterns."""
        return self._table[key].format(**parts)

    def knows(self, key: str) -> bool:
        return key in self._table

    def digits(self, text: str) -> str:
        """Figures as the language writes them."""
        return _POINT.sub("٫", text).translate(_PERSIAN_DIGITS) if self.language == "fa" else text

    def number(self, value: int) -> str:
        return self.digits(str(value))

    def count(self, value: int) -> str:
        """With marks between thousands."""
        text = f"{value:,}"
        return self.digits(text.replace(",", "٬")) if self.language == "fa" else text

    def about(self, seconds: int) -> str:
        """A time as people say it: in days from four of them on, in hours from two, in minutes from two.

        >>> Words("en").about(90_000), Words("en").about(1_431_326)
        ('25 hours', '17 days')
        """
        for letter, size, least in (("d", 86_400, 4), ("h", 3_600, 2), ("m", 60, 2)):
            if seconds >= least * size:
                return self._counted(round(seconds / size), letter)
        return self._counted(seconds, "s")

    def _counted(self, count: int, letter: str) -> str:
        plural = "s" if self.language == "en" and count != 1 else ""
        return f"{self.number(count)} {self._units[letter]}{plural}"

    def signed(self, value: int) -> str:
        """With its sign before it, also among words that run from the right."""
        return self.digits(f"\u2066{value:+}\u2069" if value else "0")

    def duration(self, seconds: int) -> str:
        short = spelling.duration(seconds)
        return self._counted(int(short[:-1]), short[-1])

    def date(self, day: datetime.date) -> str:
        """A date as people write it: in Persian by the Iranian calendar.

        >>> Words("fa").date(datetime.date(2027, 3, 21)), Words("en").date(datetime.date(2027, 3, 21))
        ('۱ فروردین ۱۴۰۶', '2027-03-21')
        """
        if self.language != "fa" or day < FIRST:
            return self.digits(f"{day}")
        year, month, number = jalali(day)
        return f"{self.number(number)} {MONTHS[month - 1]} {self.number(year)}"

    def time_of_day(self, seconds: int) -> str:
        return self.digits(spelling.time_of_day(seconds))


def languages() -> tuple[str, ...]:
    """The languages that have a table."""
    return tuple(_TABLES)
