"""CostWard: page setup, language, hospital, the list of pages, and the net under every page."""

import logging
from pathlib import Path

import streamlit as st

from pages._ui import board, boot, cache, states, text, turns, url
from pages._ui.alerts.count import badge
from pages._ui.text import t

HERE = Path(__file__).parent
ICON = str(HERE / "static" / "icon.png")  # a material icon would be fetched from outside
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")

FIRST = "cockpit"
PAGES = {  # section -> (page, icon)
    "board": (
        ("cockpit", "space_dashboard"),
        ("scorecard", "target"),
        ("indicator", "monitoring"),
        ("appraisal", "workspace_premium"),
        ("aims", "flag"),
        ("benefit", "lightbulb"),
        ("rollout", "route"),
        ("alerts", "notifications"),
    ),
    "cost": (("allocation", "account_tree"), ("department", "local_hospital")),
    "budget": (
        ("execution", "speed"),
        ("targets", "account_tree"),
        ("forecast", "query_stats"),
        ("rewards", "emoji_events"),
        ("responsibility", "assignment_turned_in"),
    ),
    "data": (("upload", "upload"), ("quality", "rule"), ("dictionary", "menu_book"), ("settings", "tune")),
}


def home() -> None:
    """The first page under its own name too: it lives at the root, but people keep its name in links."""
    st.switch_page("pages/board/cockpit.py", query_params=st.query_params.to_dict())


def main() -> None:
    """One run of the script: everything that is the same on every page, then the page."""
    cache.freeze()
    text.settle()
    st.set_page_config(page_title=t("app.title"), page_icon=ICON, layout="wide", initial_sidebar_state=212)
    pages = {
        t(f"nav.{section}"): [
            st.Page(
                HERE / "pages" / section / f"{name}.py",
                title=t(f"nav.{name}") + badge(name),
                icon=f":material/{mark}:",
                url_path=name if name != FIRST else "home",
                help=t(f"nav.about_{name}"),
                default=name == FIRST,
            )
            for name, mark in listed
        ]
        for section, listed in PAGES.items()
    }
    pages[t("nav.board")].append(st.Page(home, url_path=FIRST, visibility="hidden"))
    page = st.navigation(pages, expanded=True)
    url.resume(page.url_path)
    st.logo(str(HERE / "static" / f"logo_{text.lang()}.png"), size="large", icon_image=ICON)
    with states.guard():
        board.choose_hospital()
        text.choose()
        text.chrome()
        page.run()


if __name__ == "__main__":
    with turns.turn():
        main()
else:
    # `streamlit run app.py` finds this and imports the module once; every run of the script then comes in above.
    app = st.App(__file__, lifespan=boot.lifespan)
