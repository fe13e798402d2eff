"""Headings and short phrases of documents and reports in each language; a new language is one more column."""

from __future__ import annotations

_ENGLISH, _PERSIAN = 0, 1
_TABLE: dict[str, tuple[str, str]] = {
    # the journey in words
    "goals": ("Goals", "هدف‌ها"),
    "goal": ("Goal", "هدف"),
    "within": ("Within", "در مدت"),
    "target": ("Target", "حد مطلوب"),
    "map": ("Map", "نقشه"),
    "begins": ("How it begins", "آغاز سفر"),
    "outcomes": ("Outcomes", "پایان‌ها"),
    "anywhere": ("At any time", "در هر زمان"),
    "to": ("to {step}", "به {step}"),
    "subject": ("Subject", "موضوع"),
    "body": ("Text", "متن"),
    "text": ("Text", "متن"),
    "body_file": ("Text from the file", "متن از پرونده"),
    "shows": ("Shows", "نشان می‌دهد"),
    "doing": ("Does", "کار مشتری"),
    "thinking": ("Thinks", "در فکر مشتری"),
    "question": ("Asks", "پرسش"),
    "pain": ("What hurts", "رنج"),
    "opportunity": ("What could be better", "فرصت"),
    "needs": ("Needs", "نیاز دارد"),
    "evidence": ("Evidence", "شاهد"),
    "story": ("Story", "داستان"),
    # a page with a map
    "zoom in": ("Larger", "بزرگ‌تر"),
    "zoom out": ("Smaller", "کوچک‌تر"),
    "fit": ("All", "همه"),
    "map keys": (
        "Arrow keys move the map, + and - zoom, 0 shows all of it",
        "کلیدهای جهت نقشه را جابه‌جا می‌کنند، + و - اندازه را، 0 همه را نشان می‌دهد",
    ),
    # the preview
    "preview": ("Preview", "پیش‌نمایش"),
    "flow form": ("Flow", "جریان"),
    "map form": ("Journey map", "نقشهٔ سفر"),
    "forms": ("What is shown", "آنچه نشان داده می‌شود"),
    "errors": ("{count} errors", "{count} خطا"),
    "one error": ("1 error", "۱ خطا"),
    "warnings": ("{count} warnings", "{count} هشدار"),
    "one warning": ("1 warning", "۱ هشدار"),
    "infos": ("{count} notes", "{count} آگاهی"),
    "one info": ("1 note", "۱ آگاهی"),
    "well": ("Nothing was found.", "چیزی یافت نشد."),
    "last good map": (
        "The map shows the file as it was when it could last be read.",
        "نقشه پرونده را چنان نشان می‌دهد که آخرین بار خواندنی بود.",
    ),
    "no map yet": (
        "There is no map yet: it comes when the file can be read.",
        "هنوز نقشه‌ای نیست: وقتی پرونده خواندنی شد می‌آید.",
    ),
    "no journey": ("The file has no journey to draw.", "پرونده سفری برای کشیدن ندارد."),
    "gone": ("There is no such file at the moment.", "چنین پرونده‌ای اکنون نیست."),
    "further": ("and {count} more", "و {count} تای دیگر"),
    "show": ("show", "نشان بده"),
    "ended": (
        "The preview has ended. Start `safar serve` again to go on.",
        "پیش‌نمایش پایان یافته است. برای ادامه دوباره `safar serve` را اجرا کنید.",
    ),
    # the report
    "report": ("{journey}: what a simulation gave", "{journey}: حاصل شبیه‌سازی"),
    "report of all": ("All journeys together: what a simulation gave", "همهٔ سفرها با هم: حاصل شبیه‌سازی"),
    "run": ("{customers} customers from {start}, seed {seed}", "{customers} مشتری از {start}، بذر {seed}"),
    "rejected": ("{rows} rows set aside", "{rows} ردیف کنار گذاشته شد"),
    "contents": ("Contents", "فهرست"),
    "in short": ("In short", "در یک نگاه"),
    "entered": ("runs begun", "سفر آغازشده"),
    "not_eligible": ("not eligible", "ناواجد شرایط"),
    "inside": ("inside already", "هنوز در سفر"),
    "too_soon": ("too soon again", "زود برای بار دوباره"),
    "held_out": ("held out", "گروه شاهد"),
    "cost": ("Cost", "هزینه"),
    "revenue": ("Revenue", "درآمد"),
    "margin": ("Margin", "مانده"),
    "messages per run": ("messages a run", "پیام برای هر سفر"),
    "reached": ("Reached", "رسیده"),
    "share": ("Share", "سهم"),
    "of runs": ("Of all runs", "از همهٔ سفرها"),
    "interval": ("{low} to {high}", "{low} تا {high}"),
    "at least": ("at least {level}", "دست‌کم {level}"),
    "at most": ("at most {level}", "حداکثر {level}"),
    "met": ("met", "برآورده"),
    "missed": ("missed", "برنیامده"),
    "untold": ("cannot be told", "نامعلوم"),
    "points": ("{points} points ({low} to {high})", "{points} واحد درصد ({low} تا {high})"),
    "against": ("{one} against {other}", "{one} در برابر {other}"),
    "cost of each": ("Cost of each", "هزینهٔ هر یک"),
    "time to goal": ("Time to the goal", "زمان تا هدف"),
    "time told": (
        "Of those who reach it, half do within {half}, nine in ten within {late}.",
        "از کسانی که می‌رسند، نیمی تا {half} و نه نفر از ده نفر تا {late} می‌رسند.",
    ),
    "so long": ("time since entry", "زمان از ورود"),
    "journey map": ("The map with its figures", "نقشه با رقم‌ها"),
    "map told": (
        (
            "The number in a box is how often it was visited, the width of a line how many went that way. "
            "Choose a box for its figures and texts."
        ),
        (
            "عدد در هر جعبه شمار دیدارهای آن است و پهنای هر خط شمار کسانی که از آن رفته‌اند. "
            "برای رقم‌ها و متن‌ها جعبه‌ای را برگزینید."
        ),
    ),
    "choose": ("Choose a box of the map.", "جعبه‌ای از نقشه را برگزینید."),
    "back to map": ("Back to the map", "بازگشت به نقشه"),
    "way": ("Way", "راه"),
    "count": ("Count", "شمار"),
    "visits": ("Visits", "دیدار"),
    "ways on": ("Ways on", "راه‌های پس از آن"),
    "texts": ("Texts", "متن‌ها"),
    "findings": ("Findings", "یافته‌ها"),
    "no findings": ("Nothing was found.", "چیزی یافت نشد."),
    "funnel": ("The way through the stages", "گذر از مرحله‌ها"),
    "stage": ("Stage", "مرحله"),
    "came": ("Came", "آمدند"),
    "then": ("Then", "سپس"),
    "went_on": ("went on", "پیش رفتند"),
    "still inside": ("inside", "در آن"),
    "outside": ("Outside of stages", "بیرون از مرحله‌ها"),
    "how it ended": ("How it ended", "چگونه پایان یافت"),
    "outcome": ("Outcome", "پایان"),
    "unfinished": ("unfinished", "ناتمام"),
    "splits": ("Tests by chance", "آزمون‌ها با قرعه"),
    "arm": ("Arm", "شاخه"),
    "runs": ("Runs", "سفر"),
    "personas": ("Personas", "پرسوناها"),
    "persona": ("Persona", "پرسونا"),
    "messages": ("Messages", "پیام‌ها"),
    "messages told": (
        "{sent} marketing messages, {each} for each run.",
        "{sent} پیام بازاریابی، {each} برای هر سفر.",
    ),
    "channel": ("Channel", "کانال"),
    "touchpoint": ("Touchpoint", "نقطهٔ تماس"),
    "delivered": ("Delivered", "تحویل‌شده"),
    "comma": (", ", "، "),
    "each run": ("A run", "هر سفر"),
    "answers": ("Answers", "پاسخ‌ها"),
    "not sent": ("Not sent", "فرستاده‌نشده"),
    "consent": ("consent", "نبود رضایت"),
    "limit": ("limit", "سقف"),
    "quiet": ("quiet hours", "ساعت سکوت"),
    "closed": ("closed", "تعطیل"),
    "held": ("held too long", "درنگ بیش از اندازه"),
    "per customer": (
        "{mean} messages for each customer on average ({low} to {high}).",
        "میانگین {mean} پیام برای هر مشتری ({low} تا {high}).",
    ),
    "sensitivity": ("Which assumption matters most", "کدام فرض مهم‌تر است"),
    "tornado told": (
        (
            "Each number that the journey assumes, {by} smaller and {by} greater, the rest as it is: what becomes of "
            "the {rate} that reach the goal. Measure first what stands on top."
        ),
        (
            "هر عددی که سفر فرض می‌کند، {by} کمتر و {by} بیشتر، بقیه همان که هست: از {rate} که به هدف می‌رسند چه می‌شود. "
            "نخست آن را اندازه بگیرید که بالاتر است."
        ),
    ),
    "assumption": ("Assumption", "فرض"),
    "lowered": ("{by} less", "{by} کمتر"),
    "raised": ("{by} more", "{by} بیشتر"),
    "assumed chance": ("Chance of", "احتمال"),
    "assumed rate": ("Rate of", "نرخ"),
    "assumed delay": ("Delay of", "تأخیر"),
    "measures": ("Measures", "سنجه‌ها"),
    "measure": ("Measure", "سنجه"),
    "value": ("Value", "مقدار"),
    "money": ("Money", "پول"),
    "severity": ("Severity", "شدت"),
    "error": ("error", "خطا"),
    "warning": ("warning", "هشدار"),
    "info": ("info", "آگاهی"),
    "finding": ("Finding", "یافته"),
    "place": ("Place", "جا"),
    "none": ("none", "هیچ"),
    "all messages": ("All journeys", "همهٔ سفرها"),
    "made by": (
        (
            "Made by Safar {version}. Whoever has the same files, customers and seed gets the same figures. "
            "Intervals hold 95% of the time."
        ),
        "ساختهٔ سفر {version}. همان پرونده‌ها، مشتریان و بذر همان رقم‌ها را می‌دهند. بازه‌ها ۹۵٪ مواقع درست‌اند.",
    ),
}


def caption(language: str, key: str, **parts: str) -> str:
    """A phrase in a language, English where there is no other, with pieces set in.

    >>> caption("fa", "goals"), caption("en", "to", step="5")
    ('هدف‌ها', 'to 5')
    """
    return _TABLE[key][_PERSIAN if language == "fa" else _ENGLISH].format(**parts)
