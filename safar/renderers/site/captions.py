"""What the site says of its own in each language; a new language is one more column."""

from __future__ import annotations

from safar.renderers import captions

LANGUAGES = {"en": "English", "fa": "فارسی"}
"""Those that there are pages in, each by its own name."""

STYLES = ("classic", "adaptive", "shaping", "visionary")
"""Words for the style of a journey; a file with a mistake may have another."""

_ENGLISH, _PERSIAN = 0, 1
_TABLE: dict[str, tuple[str, str]] = {
    # kinds of pages, as a heading and of one thing
    "journeys": ("Journeys", "سفرها"),
    "stages": ("Stages", "مرحله‌ها"),
    "touchpoints": ("Touchpoints", "نقطه‌های تماس"),
    "channels": ("Channels", "کانال‌ها"),
    "personas": ("Personas", "پرسوناها"),
    "teams": ("Owners", "مسئولان"),
    "measures": ("Measures", "سنجه‌ها"),
    "goals": ("Goals", "هدف‌ها"),
    "events": ("Events", "رویدادها"),
    "actions": ("Actions", "کنش‌ها"),
    "attributes": ("Customer attributes", "ویژگی‌های مشتری"),
    "conditions": ("Conditions", "شرط‌ها"),
    "feeds": ("Data feeds", "خوراک‌های داده"),
    "limits": ("Limits", "سقف‌ها"),
    "occasions": ("Occasions", "مناسبت‌ها"),
    "rules": ("Promises", "قول‌ها"),
    "tags": ("Tags", "برچسب‌ها"),
    "one journeys": ("Journey", "سفر"),
    "one stages": ("Stage", "مرحله"),
    "one touchpoints": ("Touchpoint", "نقطهٔ تماس"),
    "one channels": ("Channel", "کانال"),
    "one personas": ("Persona", "پرسونا"),
    "one teams": ("Owner", "مسئول"),
    "one measures": ("Measure", "سنجه"),
    "one goals": ("Goal", "هدف"),
    "one events": ("Event", "رویداد"),
    "one actions": ("Action", "کنش"),
    "one attributes": ("Customer attribute", "ویژگی مشتری"),
    "one conditions": ("Condition", "شرط"),
    "one feeds": ("Data feed", "خوراک داده"),
    "one limits": ("Limit", "سقف"),
    "one occasions": ("Occasion", "مناسبت"),
    "one rules": ("Promise", "قول"),
    "one tags": ("Tag", "برچسب"),
    # around every page
    "home": ("Home", "خانه"),
    "skip": ("To the content", "به متن"),
    "pages": ("Pages", "صفحه‌ها"),
    "path": ("Where you are", "جای شما"),
    "language": ("Language", "زبان"),
    "search": ("Search (press /)", "جست‌وجو (کلید /)"),
    "results": ("Results", "یافته‌های جست‌وجو"),
    "nothing": ("Nothing of that name.", "چیزی با این نام نیست."),
    "found": ("{n} found", "{n} مورد"),
    "made": (
        "Made by Safar {version} from the journey files of {project}. All that is shown here stands in those files.",
        "ساختهٔ سفر {version} از پرونده‌های {project}. هرچه اینجاست در همان پرونده‌هاست.",
    ),
    # the first page and the lists
    "all of": ("All journeys of {project}", "همهٔ سفرهای {project}"),
    "vocabulary": ("What journeys speak of", "آنچه سفرها از آن می‌گویند"),
    "nowhere": ("nowhere", "هیچ‌جا"),
    "no journeys": ("There is no journey in this project.", "در این پروژه سفری نیست."),
    "name": ("Name", "نام"),
    "changed": ("Changed", "تغییر"),
    "in journeys": ("In journeys", "در سفرها"),
    # one thing
    "file": ("File", "پرونده"),
    "line": ("{file}, line {line}", "{file}، خط {line}"),
    "style": ("Style", "سبک"),
    "classic": ("classic", "کلاسیک"),
    "adaptive": ("adaptive", "انطباقی"),
    "shaping": ("shaping", "شکل‌دهنده"),
    "visionary": ("visionary", "آرمان‌گرا"),
    "begins again": ("Again", "بار دیگر"),
    "control group": ("Control group", "گروه شاهد"),
    "lasts": ("Lasts", "مدت"),
    "share of all": ("Share of customers", "سهم از مشتریان"),
    "in": ("Part of", "بخشی از"),
    "used by": ("Where it is used", "کجا به کار می‌رود"),
    "unused": ("Nothing uses it.", "چیزی از آن استفاده نمی‌کند."),
    "uses": ("What it uses", "چه به کار می‌برد"),
    "outside": ("Outside of journeys", "بیرون از سفرها"),
    "as written": ("As it is written", "آن‌گونه که نوشته شده"),
    "tests": ("Tests", "آزمون‌ها"),
    "one tests": ("Test", "آزمون"),
    "scenario": ("Scenario", "سناریو"),
    "forecast": ("Forecast", "پیش‌بینی"),
    "flow": ("The flow", "جریان"),
    "journey map": ("The journey map", "نقشهٔ سفر"),
    "not drawn": (
        "There is no map: the file cannot be read as a whole, see the findings.",
        "نقشه‌ای نیست: پرونده به تمامی خوانده نمی‌شود، یافته‌ها را ببینید.",
    ),
    "not laid out": ("There is no map: {why}.", "نقشه‌ای نیست: {why}."),
    "box told": (
        "A touchpoint in the map leads to its page. Arrow keys move the map, + and - zoom, 0 shows all of it.",
        "هر نقطهٔ تماس در نقشه به صفحهٔ خود می‌رود. کلیدهای جهت نقشه را جابه‌جا می‌کنند، + و - اندازه را، 0 همه را.",
    ),
    "channel": ("Channel", "کانال"),
    "met in": ("Where customers meet it", "مشتری کجا با آن روبه‌رو می‌شود"),
    "says": ("What it says", "چه می‌گوید"),
    "notes": ("Notes for the map", "یادداشت‌های نقشه"),
    "feeling": ("Feels", "احساس"),
    "costs": ("Costs", "هزینه‌ها"),
    "tasks": ("Work for people", "کار برای افراد"),
    "asks consent": ("Consent", "رضایت"),
    "direction": ("Direction", "جهت"),
    "outbound": ("we reach the customer", "ما به مشتری می‌رسیم"),
    "inbound": ("the customer comes to us", "مشتری نزد ما می‌آید"),
    "type": ("Type", "نوع"),
    "may change": ("May change", "دگرگونی"),
    "change fixed": ("never", "هرگز"),
    "change growing": ("only to more", "فقط رو به افزایش"),
    "change free": ("at any time", "هر زمان"),
    "private": ("Private", "خصوصی"),
    "masked": ("masked in every output", "در همهٔ خروجی‌ها پوشیده"),
    # changes
    "changes": ("Changes", "تغییرها"),
    "date": ("Date", "تاریخ"),
    "commit": ("Commit", "کامیت"),
    "who": ("Who", "چه کسی"),
    "what": ("What", "چه"),
    "no history": (
        "Nothing is known of changes: the project is in no git repository, or git is not installed.",
        "از تغییرها چیزی دانسته نیست: پروژه در مخزن گیت نیست یا گیت نصب نیست.",
    ),
    "no changes": ("There is no change to these files in git yet.", "هنوز تغییری از این پرونده‌ها در گیت نیست."),
    "some changes": ("Only the latest {n} changes are shown.", "تنها {n} تغییر آخر نشان داده شده است."),
}


def say(language: str, key: str, **parts: str) -> str:
    """A phrase of the site, or one that it shares with reports.

    >>> say("fa", "teams"), say("en", "findings")
    ('مسئولان', 'Findings')
    """
    if key not in _TABLE:
        return captions.caption(language, key, **parts)
    return _TABLE[key][_PERSIAN if language == "fa" else _ENGLISH].format(**parts)
