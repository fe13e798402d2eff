"""The rules of names, types and declarations.  Each has its page in `safar/dsl/pages/`."""

from __future__ import annotations

from safar.engine.diagnostic import Rule, Severity

DUPLICATE_NAME = Rule("duplicate-name", "SF200")
UNKNOWN_NAME = Rule("unknown-name", "SF201")
WRONG_KIND = Rule("wrong-kind", "SF202")
LOOK_ALIKE_NAME = Rule("look-alike-name", "SF203", Severity.WARNING)
PREDECLARED_NAME = Rule("predeclared-name", "SF204")
UNKNOWN_VALUE = Rule("unknown-value", "SF205")
UNKNOWN_WORD = Rule("unknown-word", "SF206")
CIRCULAR_CONDITION = Rule("circular-condition", "SF207")
TOO_DEEP_CONDITION = Rule("too-deep-condition", "SF208")

WRONG_TYPE = Rule("wrong-type", "SF210")
MIXED_CURRENCY = Rule("mixed-currency", "SF211")
TOO_FINE_MONEY = Rule("too-fine-money", "SF213")
COUNT_COMPARISON = Rule("count-comparison", "SF214")
REFERENCE_IN_WHERE = Rule("reference-in-where", "SF215")
CALENDAR_PERIOD = Rule("calendar-period", "SF216")
MEASURE_IN_EXPRESSION = Rule("measure-in-expression", "SF217")
COMPUTED_DEFAULT = Rule("computed-default", "SF218")
TOO_LARGE_NUMBER = Rule("too-large-number", "SF219")

TIME_CONDITION_IN_PATTERN = Rule("time-condition-in-pattern", "SF220")
EVENT_IN_PATTERN_CONDITION = Rule("event-in-pattern-condition", "SF221")
WINDOW_IN_PATTERN = Rule("window-in-pattern", "SF222")
BLANK_PLACEHOLDER = Rule("blank-placeholder", "SF223")

SHARES_NOT_100 = Rule("shares-not-100", "SF230")
CHANCE_OUT_OF_RANGE = Rule("chance-out-of-range", "SF231")
EMPTY_RANGE = Rule("empty-range", "SF232")
MISSING_SPREAD = Rule("missing-spread", "SF233")
DATES_OUT_OF_ORDER = Rule("dates-out-of-order", "SF234")
MISSING_ARGUMENT = Rule("missing-argument", "SF235")
FIXED_ATTRIBUTE_SET = Rule("fixed-attribute-set", "SF236")
FEELING_OUT_OF_RANGE = Rule("feeling-out-of-range", "SF237")

CHECK_ON_INBOUND_CHANNEL = Rule("check-on-inbound-channel", "SF240")
TWO_DIRECTIONS = Rule("two-directions", "SF241")
WRONG_DIRECTION = Rule("wrong-direction", "SF242")
TWO_CONTACTS = Rule("two-contacts", "SF243")

TOUCHPOINT_MET_TWICE = Rule("touchpoint-met-twice", "SF250")
JUMP_INTO_LOOP = Rule("jump-into-loop", "SF251")
GOAL_WINDOW_TOO_LONG = Rule("goal-window-too-long", "SF252")
NOT_A_MEASURE = Rule("not-a-measure", "SF253")

CROWDED_RULE = Rule("crowded-rule", "SF260")
UNCOUNTED_LIMIT = Rule("uncounted-limit", "SF261")
CHANCE_IN_SCENARIO = Rule("chance-in-scenario", "SF262")
CIRCULAR_PLAN = Rule("circular-plan", "SF263")
