"""Texts that would be markup, script, a directive or a link where they were not escaped."""

from __future__ import annotations

PAYLOADS = {
    "html label": '<<TABLE HREF="javascript:alert(1)"><TR><TD>x</TD></TR></TABLE>>',
    "bold": "<b>hello</b>",
    "backslash": "x\\",
    "port": "a:b:c",
    "comment": "x\n} digraph evil {",
    "address": "javascript:alert(1)",
    "style sheet": 'stylesheet=http://evil/x.css <link rel="stylesheet" href="http://evil/x.css">',
    "image": '![p](https://evil/p.png) <img src="https://evil/p.png" onerror="alert(1)">',
    "not XML": "a\x01b\x1bc\ufffe\ud800",
    "script": "</text></svg></style></title><script>alert(1)</script>",
    "attribute": '" onload="alert(1)" x="\' onclick=\'alert(1)',
    "data": "data:text/html,<script>alert(1)</script>",
    "foreign": "<foreignObject><iframe srcdoc='x'></iframe></foreignObject>",
    "end of script": "</script><script>alert(1)</script><!--",
    "fence": "````\n```\n# head",
    "directive": "%%{init: {'securityLevel':'loose'}}%%",
    "end of label": '"] click n1 "javascript:alert(1)" end ;',
    "markdown": "[x](javascript:alert(1)) **b** _c_ | d | ~~e~~ $f$ <!-- g",
    "mention": "@org/everyone fixes #1 https://evil/ www.evil.example GH-12 me@evil.example",
    "list": "1. one",
    "entity": "&lt;b&gt; &#60;script&#62; #60;b#62; #quot;",
    "override": "a\u202etxt.exe\u2066",
}
