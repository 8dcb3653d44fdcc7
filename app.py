"""CostWard: page setup, language, hospital, the list of pages, and the net under every page."""

import logging
from pathlib import Path

import streamlit as st

from pages._ui import board, boot, cache, states, text, turns, url
from pages._ui.alerts.count import badge
from pages._ui.text import t

HERE = Path(__file__).parent
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")

# section -> (page, icon); a local picture is the favicon: a material icon would be fetched from outside.
PAGES = {
    "board": (
        ("cockpit", "space_dashboard"),
        ("scorecard", "target"),
        ("indicator", "monitoring"),
        ("appraisal", "workspace_premium"),
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
    "data": (
        ("upload", "upload"),
        ("quality", "fact_check"),
        ("dictionary", "menu_book"),
        ("settings", "tune"),
    ),
}


def main() -> None:
    """One run of the script: everything that is the same on every page, then the page."""
    cache.freeze()
    text.settle()
    icon = str(HERE / "static" / "icon.png")
    st.set_page_config(page_title=t("app.title"), page_icon=icon, layout="wide", initial_sidebar_state=212)
    page = st.navigation(
        {
            t(f"nav.{section}"): [
                st.Page(
                    HERE / "pages" / section / f"{name}.py",
                    title=t(f"nav.{name}") + badge(name),
                    icon=f":material/{icon}:",
                    url_path=name,
                    help=t(f"nav.about_{name}"),
                    default=name == "cockpit",
                )
                for name, icon in listed
            ]
            for section, listed in PAGES.items()
        },
        expanded=True,
    )
    url.resume(page.url_path)
    st.logo(str(HERE / "static" / f"logo_{text.lang()}.png"), size="large", icon_image=icon)
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
