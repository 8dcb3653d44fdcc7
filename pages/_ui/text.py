"""Words of the interface in the session's language, and the few of Streamlit's own that stay English.

`text/zh.yaml` and `text/en.yaml` hold the kit's words; `text/<page>.zh.yaml` and `text/<page>.en.yaml` a page's.
Keys are dotted paths; a page's file is read below the page's name. Both languages must have the same keys and the
same {parameters}; `tests/pages/test_ui_text.py` proves it.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.catalog import load_yaml
from pages._ui import url

LANGS = ("zh", "en")
FOLDER = Path(__file__).parent / "text"
_log = logging.getLogger("costward.text")


def _flat(tree: Mapping[str, Any], prefix: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for name, value in tree.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            words.update(_flat(value, path + "."))
        else:
            words[path] = str(value)
    return words


@lru_cache(maxsize=4)
def words(lang: str) -> Mapping[str, str]:
    """Every key of one language -> its words."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"*{lang}.yaml")):
        page = path.name.removesuffix(f"{lang}.yaml").rstrip(".")
        for key, value in _flat(load_yaml(path) or {}, f"{page}." if page else "").items():
            if key in found:
                raise ValueError(f"{path.name}: key {key!r} is given twice")
            found[key] = value
    return found


def detect() -> str:
    """zh for a browser that asks for Chinese, English otherwise."""
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"


_run = threading.local()


def lang() -> str:
    """The session's language: chosen in the sidebar, else in the URL, else the browser's."""
    found: str | None = getattr(_run, "lang", None)
    return found or _asked()


def settle() -> None:
    """Find the language once for this run of the script: a page asks for it hundreds of times. A run has a thread of
    its own; code outside one (a download made on click) finds out for itself."""
    _run.lang = _asked()


def _asked() -> str:
    chosen = url.peek("lang")
    return chosen if chosen in LANGS else detect()


def t(key: str, /, **params: Any) -> str:
    """The words of `key`. A key nobody wrote shows itself (and is logged) instead of breaking the page."""
    found = words(lang()).get(key)
    if found is None:
        _log.error("no words for %r", key)
        return key
    return found.format(**params) if params else found


def has(key: str) -> bool:
    """Whether the key has words."""
    return key in words(lang())


def label(thing: Any) -> str:
    """A catalog `Label` or `Term` in the session's language; anything else as it is."""
    inner = getattr(thing, "label", thing)
    return inner.of(lang()) if hasattr(inner, "of") else str(inner)


def choose() -> str:
    """Draw the language switch (in the sidebar) and return the language of this run."""
    default = detect()
    url.seed("lang", LANGS, default)
    with st.sidebar:
        st.segmented_control(
            t("app.language"),
            LANGS,
            format_func=lambda code: words(code)["app.name_of_language"],
            key="lang",
            required=True,
            persist_state="session",
            label_visibility="collapsed",
        )
    url.publish("lang", st.session_state["lang"], default)
    settle()
    return lang()


# Replaces text nodes and labels that equal an entry; a pattern entry is a regular expression. It runs again for
# whatever Streamlit adds later. Short words inside a page's own text are left alone: only whole sentences of
# Streamlit's are replaced there. In English it only sets the document's language. A '<' before a letter or a digit
# would make the browser's sanitizer drop the whole script without a word.
_SHIM = """<script>(()=>{
const D=%(exact)s, R=%(patterns)s.map(([a,b])=>[new RegExp(a),b]);
document.documentElement.lang=%(lang)s;
const say=s=>{const k=s.trim(); if(!k||k.length>200) return null; if(D[k]) return s.replace(k,D[k]);
  for(const [r,b] of R) if(r.test(k)) return k.replace(r,b); return null};
const mine=n=>{const p=n.parentElement; return !p||!p.closest('[data-testid=stMarkdown],textarea,[contenteditable]')};
const node=n=>{if(n.nodeValue.length < 40 && !mine(n)) return; const x=say(n.nodeValue); if(x!==null&&x!==n.nodeValue) n.nodeValue=x};
const tags=e=>['placeholder','aria-label','title'].forEach(a=>{const v=e.getAttribute&&e.getAttribute(a);
  if(v){const x=say(v); if(x!==null&&x!==v) e.setAttribute(a,x)}});
const walk=x=>{const w=document.createTreeWalker(x,NodeFilter.SHOW_TEXT); let n; while(n=w.nextNode()) node(n);
  tags(x); if(x.querySelectorAll) x.querySelectorAll('[placeholder],[aria-label],[title]').forEach(tags)};
if(window.__words) window.__words.disconnect();
if(!R.length&&!Object.keys(D).length) return;
walk(document.body);
window.__words=new MutationObserver(ms=>ms.forEach(m=>{
  if(m.type==='characterData') node(m.target);
  else if(m.type==='attributes') tags(m.target);
  else m.addedNodes.forEach(n=>n.nodeType===3?node(n):n.nodeType===1&&walk(n))}));
window.__words.observe(document.body,{childList:true,subtree:true,characterData:true,attributes:true,
  attributeFilter:['placeholder','aria-label','title']});
})();</script>"""


@lru_cache(maxsize=4)
def _shim(language: str) -> str:
    path = FOLDER / "chrome" / f"{language}.yaml"
    chrome = load_yaml(path) if path.exists() else {}
    return _SHIM % {
        "exact": json.dumps(chrome.get("exact") or {}, ensure_ascii=False),
        "patterns": json.dumps(list((chrome.get("patterns") or {}).items()), ensure_ascii=False),
        "lang": json.dumps({"zh": "zh-CN", "en": "en"}[language]),
    }


def chrome() -> None:
    """Translate Streamlit's own words in the browser and set the document's language. Once a run, in app.py."""
    with st.sidebar:  # there it takes no room on the page
        st.html(_shim(lang()), unsafe_allow_javascript=True)
