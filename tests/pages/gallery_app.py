"""Every piece of the kit with invented figures. Used by tests and for looking at; not part of the product.

`streamlit run tests/pages/gallery_app.py`, then ?part=cockpit|charts|series|tables|states|error&lang=zh|en.
"""

import itertools
import random
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import streamlit as st

from pages._ui import board, cache, cards, charts, explain, format, frame, states, tables, text, url

ROOT = Path(__file__).parents[2]


def z(zh: str, en: str) -> str:
    return zh if text.lang() == "zh" else en


DEPTS = [
    ("0101", "骨科病区", "Orthopaedic ward", "clinical"),
    ("0102", "放疗中心", "Radiotherapy centre", "clinical"),
    ("0103", "胸外科病区", "Thoracic surgery ward", "clinical"),
    ("0104", "乳腺外科", "Breast surgery", "clinical"),
    ("0105", "肿瘤内科一病区", "Medical oncology I", "clinical"),
    ("0106", "肿瘤内科二病区", "Medical oncology II", "clinical"),
    ("0107", "消化内科", "Gastroenterology", "clinical"),
    ("0108", "妇瘤科", "Gynaecological oncology", "clinical"),
    ("0201", "检验科", "Laboratory", "technical"),
    ("0202", "手术室", "Operating theatre", "technical"),
]
ITEMS = [
    ("人员经费", "Staff"),
    ("卫生材料费", "Consumables"),
    ("药品费", "Drugs"),
    ("固定资产折旧费", "Depreciation"),
    ("无形资产摊销费", "Amortisation"),
    ("提取医疗风险基金", "Medical-risk fund"),
    ("其他运行费用", "Other operating cost"),
]
MONTHS = [y * 100 + m for y in (2022, 2023, 2024, 2025) for m in range(1, 13)][3:39]


def yuan(wan: float) -> Decimal:
    return Decimal(round(wan * 100)) * 100


def series(mean: float, spread: float, count: int = 13, seed: int = 1, drift: float = 0.0) -> list[float]:
    rng = random.Random(seed)
    return [mean + drift * i + rng.gauss(0, spread) for i in range(count)]


def facts() -> board.Board:
    return board.Board(
        hospital="H1",
        hospital_name=z("省肿瘤医院", "Provincial Cancer Hospital"),
        snapshot="a3f9c1d2",
        newest="a3f9c1d2",
        as_of=datetime(2025, 4, 6, 8, 30),
        periods=MONTHS,
        departments=[board.Dept(code, z(zh, en), cls) for code, zh, en, cls in DEPTS],
    )


@dataclass
class Why:
    title: str
    crumbs: list
    formula: str
    figures: list
    rows: list
    columns: list
    rows_total: int = 1204
    note: str = ""
    downloads: list = field(default_factory=list)


def why() -> Why:
    wan = format.money_unit([yuan(12800)])
    return Why(
        title=z("医疗成本 · 2025年3月", "Medical cost · Mar 2025"),
        crumbs=[
            z("全院", "Whole hospital"),
            z("骨科病区", "Orthopaedic ward"),
            z("卫生材料费", "Consumables"),
        ],
        formula=z(
            "医疗成本 = 医疗业务成本 + 财政项目成本", "Medical cost = operating cost + fiscal project cost"
        ),
        figures=[
            (z("医疗业务成本", "Operating cost"), yuan(12310.4), wan),
            (z("财政项目成本", "Fiscal project cost"), yuan(489.6), wan),
            (z("医疗成本", "Medical cost"), yuan(12800), wan),
        ],
        rows=[
            {
                "item": z(*ITEMS[i % 7]),
                "amount": yuan(1.2 * i + 3),
                "file": "2025年3月科室成本.xlsx",
                "sheet": "3月",
                "row": 37 + i,
            }
            for i in range(12)
        ],
        columns=[
            tables.Col("item", z("成本项目", "Cost item")),
            tables.Col("amount", z("金额", "Amount"), "money", format.yuan()),
        ],
        note=z("其中 0.6% 因动因缺失按人数分摊。", "0.6 % had no driver and was spread by headcount."),
        downloads=[(z("下载这些行", "Download these rows"), "rows.csv", lambda: b"x")],
    )


def bridge(key: str | None = None) -> list:
    names = ITEMS
    parts = [96, 402, -118, 12, 4, 8, 112]
    return charts.waterfall(
        charts.steps(
            (z("预算", "Budget"), yuan(12284), "budget"),
            [{"label": z(*n), "value": yuan(v)} for n, v in zip(names, parts, strict=True)],
            (z("实际", "Actual"), yuan(12800), "actual"),
        ),
        unit=format.money_unit([yuan(12800)]),
        alt=z(
            "医疗成本高于预算 516 万元，主要来自卫生材料费",
            "Medical cost 5.16 million over budget, mostly consumables",
        ),
        key=key,
    )


def points() -> list[dict]:
    rng = random.Random(5)
    values = [1900 + 60 * ((i % 12) in (11, 0)) + rng.gauss(0, 55) for i in range(36)]
    for i, extra in zip(range(31, 36), (110, 170, 260, 330, 400), strict=True):
        values[i] = 1880 + extra
    mean = sum(values[:30]) / 30
    moving = sum(abs(b - a) for a, b in itertools.pairwise(values[:30])) / 29
    low, high = mean - 2.66 * moving, mean + 2.66 * moving
    return [
        {
            "period": p,
            "value": yuan(v),
            "mean": yuan(mean),
            "low": yuan(low),
            "high": yuan(high),
            "rule": "beyond" if v > high else "",
        }
        for p, v in zip(MONTHS, values, strict=True)
    ]


def heat(key: str | None) -> list:
    rng = random.Random(3)
    rows = []
    for i, (_, zh, en, _) in enumerate(DEPTS):
        for j, month in enumerate(MONTHS[-13:]):
            value = rng.gauss(0, 0.04) + (0.1 if i == 0 and j > 8 else 0) + (0.07 if i == 1 and j > 9 else 0)
            rows.append({"row": z(zh, en), "col": month, "value": None if (i, j) == (6, 4) else value})
    return charts.heat(
        rows,
        unit=format.percent(0),
        alt=z("骨科病区与放疗中心近四个月高于预算", "Orthopaedics and radiotherapy over budget"),
        limit=0.15,
        key=key,
    )


def cockpit() -> None:
    with frame.page(
        "cockpit",
        board=facts(),
        filters=frame.FILTERS,
        title=z("3月成本是否在预算之内？", "Was March within budget?"),
    ) as page:
        page.message(
            z(
                "3月医疗成本 1.28 亿元，高于预算 4.2%（516 万元）；超支的六成来自骨科病区与放疗中心的卫生材料费。",
                "Medical cost in March was 128.0 million, 4.2 % (5.16 million) over budget; 60 % of it is consumables in orthopaedics and radiotherapy.",
            ),
            why=why,
        )
        pc, pp = format.percent(), format.points()
        b, ly = text.t("compare.budget"), text.t("compare.last_year")
        cards.row(
            [
                cards.Card(
                    z("医疗成本", "Medical cost"),
                    yuan(12800),
                    format.yuan(),
                    "lower",
                    (cards.Comparison(b, 0.042, pc), cards.Comparison(ly, 0.078, pc)),
                    [yuan(v) for v in series(12000, 300, drift=60)],
                    why=why,
                ),
                cards.Card(
                    z("医疗收入", "Medical income"),
                    yuan(13700),
                    format.yuan(),
                    "higher",
                    (cards.Comparison(b, 0.011, pc), cards.Comparison(ly, 0.031, pc)),
                    [yuan(v) for v in series(13000, 300, seed=2, drift=50)],
                    why=why,
                ),
                cards.Card(
                    z("医疗结余", "Surplus"),
                    yuan(900),
                    format.yuan(),
                    "higher",
                    (cards.Comparison(b, -0.29, pc), cards.Comparison(ly, -0.36, pc)),
                    [yuan(v) for v in series(1200, 120, seed=3, drift=-20)],
                    why=why,
                ),
                cards.Card(
                    z("百元收入成本", "Cost per 100 of income"),
                    Decimal("93.4"),
                    format.number(z("元", "yuan"), 1),
                    "lower",
                    (
                        cards.Comparison(b, Decimal("2.9"), format.number(z("元", "yuan"), 1)),
                        cards.Comparison(ly, Decimal("3.6"), format.number(z("元", "yuan"), 1)),
                    ),
                    series(91, 0.6, seed=4),
                    why=why,
                ),
                cards.Card(
                    z("药占比", "Drug share"),
                    0.316,
                    pc,
                    "lower",
                    (cards.Comparison(b, -0.008, pp), cards.Comparison(ly, -0.021, pp)),
                    series(0.33, 0.004, seed=5, drift=-0.001),
                    why=why,
                ),
                cards.Card(
                    z("床日成本", "Cost per bed-day"),
                    None,
                    format.number(z("元", "yuan"), 0),
                    "lower",
                    (),
                    [],
                    reason=z("3月床日数尚未上传", "Bed-days of March not uploaded yet"),
                ),
            ],
            key="top",
        )
        left, right = st.columns([3, 2], gap="small")
        with (
            left,
            frame.panel(
                z("预算到实际：差在哪里", "From budget to actual"),
                format.money_unit([yuan(12800)]).label,
                why=why,
                key="bridge",
            ),
        ):
            bridge("bridge")
        with (
            right,
            frame.panel(
                z("卫生材料费：是变化还是波动", "Consumables: change or noise"),
                z("万元，36个月", "thousand yuan"),
            ),
        ):
            charts.run_chart(
                points(),
                unit=format.money_unit([yuan(2000)]),
                alt=z("近三个月超出上限", "Last months beyond the upper limit"),
                key="xmr",
            )
        left, right = st.columns([3, 2], gap="small")
        with (
            left,
            frame.panel(
                z("哪个科室、哪个月", "Which department, which month"),
                z("较预算偏差，%", "deviation from budget, %"),
            ),
        ):
            picked = heat("heat")
        with (
            right,
            frame.panel(
                z("较上月变化最大", "Largest changes since last month"),
                format.money_unit([yuan(12800)]).label,
            ),
        ):
            click = changes(page)
        if click or (picked and picked.fresh):
            explain.show(why)


def changes(page: frame.Page) -> tables.Click | None:
    wan = format.money_unit([yuan(12800)])
    rows = [
        {
            "dept": z(zh, en),
            "item": z(*ITEMS[i % 7]),
            "now": yuan(300 - 21.3 * i),
            "delta": yuan((-1) ** i * (90 - 8.7 * i)),
        }
        for i, (_, zh, en, _) in enumerate(DEPTS[:8])
    ]
    return tables.table(
        rows,
        [
            tables.Col("dept", z("科室", "Department")),
            tables.Col("delta", z("变化", "Change"), "money", wan),
        ],
        key="changes",
        alt=z("变化最大的科室", "Largest changes"),
        actions=("explain",),
    )


def comparisons() -> None:
    with frame.page(
        "department",
        board=facts(),
        filters=("period", "scope", "dept"),
        title=z("骨科病区", "Orthopaedic ward"),
    ) as page:
        page.message(
            z(
                "骨科病区 3 月全成本 1,842.6 万元，床日成本高于同类 8.4%。",
                "Orthopaedics: full cost 18.4 million in March; cost per bed-day 8.4 % above peers.",
            )
        )
        wan = format.money_unit([yuan(12800)])
        left, right = st.columns(2, gap="small")
        rng = random.Random(9)
        with left, frame.panel(z("离预算多远", "How far from budget"), wan.label):
            charts.bullet(
                [
                    {
                        "label": z(zh, en),
                        "actual": yuan(1900 - 150 * i),
                        "target": yuan(1800 - 150 * i + rng.gauss(0, 90)),
                        "previous": yuan(1750 - 150 * i),
                    }
                    for i, (_, zh, en, _) in enumerate(DEPTS[:8])
                ],
                unit=wan,
                alt=z("骨科超预算最多", "Orthopaedics most over"),
                key="bullet",
            )
        with right, frame.panel(z("少数几项占了多数", "A few make most of it"), wan.label):
            charts.pareto(
                [
                    {
                        "label": z(f"耗材类别 {i + 1}", f"Consumable group {i + 1}"),
                        "value": yuan(900 / (i + 1) ** 1.3),
                    }
                    for i in range(25)
                ],
                unit=wan,
                alt=z("前几类占八成", "Few groups make 80 %"),
                top=9,
                key="pareto",
            )
        left, right = st.columns(2, gap="small")
        with left, frame.panel(z("分摊方法的影响", "What the method changes"), wan.label):
            charts.slope(
                [
                    {
                        "label": z(zh, en),
                        "before": yuan(1900 - 130 * i),
                        "after": yuan(1860 - 125 * i + rng.gauss(0, 60)),
                    }
                    for i, (_, zh, en, _) in enumerate(DEPTS[:7])
                ],
                unit=wan,
                alt=z("方法改变后多数科室下降", "Most fall"),
                sides=(z("三级分摊", "Step-down"), z("交互分配", "Reciprocal")),
                key="slope",
            )
        with right, frame.panel(z("情景前后", "Before and after the what-if"), wan.label):
            charts.pairs(
                [
                    {"label": z(zh, en), "before": yuan(1900 - 130 * i), "after": yuan(1860 - 125 * i)}
                    for i, (_, zh, en, _) in enumerate(DEPTS[:6])
                ],
                unit=wan,
                alt=z("情景降低全成本", "What-if lowers cost"),
                key="pairs",
            )
        with frame.panel(z("七项构成", "Composition by cost item"), "%"):
            shares = (38, 24, 22, 8, 2, 1, 5)
            charts.composition(
                [
                    {"label": z(zh, en), "part": z(*item), "value": yuan(s * (20 - i) + rng.random() * 60)}
                    for i, (_, zh, en, _) in enumerate(DEPTS[:5])
                    for s, item in zip(shares, ITEMS, strict=True)
                ],
                unit=wan,
                alt=z("人员经费占比最高", "Staff is the largest share"),
                key="mix",
            )
        with frame.panel(z("七项金额", "Amounts by cost item"), wan.label):
            charts.composition(
                [
                    {
                        "label": z(zh, en),
                        "part": z(*item),
                        "value": yuan(s * (20 - 3 * i) + rng.random() * 60),
                    }
                    for i, (_, zh, en, _) in enumerate(DEPTS[:4])
                    for s, item in zip(shares, ITEMS, strict=True)
                ],
                unit=wan,
                alt=z("人员经费占比最高", "Staff is the largest share"),
                share=False,
            )


def timelines() -> None:
    with frame.page("allocation", board=facts(), filters=("period", "scope")):
        wan = format.money_unit([yuan(12800)])
        left, right = st.columns([3, 2], gap="small")
        with left, frame.panel(z("医疗成本走势", "Medical cost over time"), wan.label):
            charts.trend(
                [
                    {
                        "period": p,
                        "actual": yuan(a) if i < 10 else None,
                        "previous": yuan(a * 0.94 + 100),
                        "budget": yuan(12000 + 40 * i),
                        "forecast": yuan(12500 + 40 * i) if i >= 9 else None,
                        "low": yuan(12200 + 10 * i) if i >= 9 else None,
                        "high": yuan(12800 + 80 * i) if i >= 9 else None,
                    }
                    for i, (p, a) in enumerate(zip(MONTHS[-13:], series(12000, 240, drift=55), strict=True))
                ],
                unit=wan,
                alt=z("成本高于同期与预算", "Above last year and budget"),
            )
        with right, frame.panel(z("成本最高的科室", "Costliest departments"), wan.label):
            charts.ranking(
                [
                    {"label": z(zh, en), "value": yuan(1900 - 150 * i), "previous": yuan(1850 - 150 * i)}
                    for i, (_, zh, en, _) in enumerate(DEPTS)
                ],
                unit=wan,
                alt=z("骨科最高", "Orthopaedics highest"),
            )
        with frame.panel(
            z("成本流向：来源类别到临床科室", "Where cost flows: origin class to clinical department"),
            wan.label,
        ):
            classes = [z("行政后勤", "Admin"), z("医辅", "Auxiliary"), z("医技", "Technical")]
            links = [
                {"source": c, "target": z(zh, en), "value": yuan(900 / (k + 1) - 40 * i + 30 * k)}
                for k, c in enumerate(classes)
                for i, (_, zh, en, _) in enumerate(DEPTS[:7])
            ]
            charts.flow(
                links,
                unit=wan,
                alt=z("行政后勤成本主要流向骨科", "Admin cost flows mostly to orthopaedics"),
                key="flow",
                groups={c: k for k, c in enumerate(classes)},
            )
        with frame.panel(z("床日成本", "Cost per bed-day"), z("元，灰线为同期", "yuan, grey is last year")):
            charts.multiples(
                [
                    {"panel": z(zh, en), "period": p, "value": v, "previous": v * 0.95}
                    for i, (_, zh, en, _) in enumerate(DEPTS[:8])
                    for p, v in zip(MONTHS[-13:], series(1800 - 60 * i, 40, seed=i, drift=8), strict=True)
                ],
                unit=format.number(z("元", "yuan")),
                alt=z("床日成本", "Cost per bed-day"),
            )


def grids() -> None:
    with frame.page("quality", board=facts(), filters=("period",)):
        wan = format.money_unit([yuan(12800)])
        rows = [
            {
                "dept": z(zh, en),
                "cls": c,
                "direct": yuan(1400 - 120 * i),
                "indirect": yuan(420 - 31.7 * i) if i != 3 else None,
                "full": yuan(1820 - 151.7 * i),
                "share": 0.31 - 0.013 * i,
                "trend": series(100, 9, seed=i),
            }
            for i, (_, zh, en, c) in enumerate(DEPTS)
        ]
        total = {
            "dept": z("合计", "Total"),
            "direct": yuan(8600),
            "indirect": yuan(2773.5),
            "full": yuan(11373.5),
            "share": 0.262,
            "trend": None,
        }
        with frame.panel(z("科室全成本", "Full cost by department"), wan.label):
            tables.table(
                rows,
                [
                    tables.Col("dept", z("科室", "Department"), width="medium"),
                    tables.Col("direct", z("直接成本", "Direct"), "money", wan),
                    tables.Col("indirect", z("分摊成本", "Allocated"), "money", wan),
                    tables.Col("full", z("全成本", "Full cost"), "bar", wan),
                    tables.Col("share", z("药占比", "Drug share"), "number", format.percent()),
                    tables.Col("trend", z("近13月", "13 months"), "trend"),
                ],
                key="full",
                alt=z("科室全成本表", "Full cost table"),
                total=total,
                actions=("detail", "explain", "note"),
                download="full_cost",
                workbook=lambda: b"x",
            )
        explain.button(why, "why_table")


def conditions() -> None:
    with frame.page(
        "upload",
        board=board.Board(hospital_name=z("省肿瘤医院", "Provincial Cancer Hospital")),
        needs_data=False,
    ):
        states.partial(
            [z("2025年3月工作量", "Workload of Mar 2025"), z("2025年2月预算", "Budget of Feb 2025")]
        )
        states.stale("b81c07e4", lambda: None)
        states.empty(
            needs=[z("科室成本", "Department cost"), z("科室字典", "Department dictionary")],
            demo=lambda: None,
            templates=[(z("空白模板", "Empty templates"), "t.xlsx", lambda: b"x")],
        )
        states.no_right(z("总会计师", "the chief accountant"))
        st.file_uploader(z("上传表格", "Upload spreadsheets"), accept_multiple_files=True)
        states.problem("7F3A90BC")


def broken() -> None:
    with frame.page("settings", board=facts()):
        raise RuntimeError("secret detail")


def empty() -> None:
    with frame.page("cockpit", board=board.Board(), empty={"needs": [z("科室成本", "Department cost")]}):
        raise AssertionError("an empty board stops before the script")


PARTS = {
    "cockpit": cockpit,
    "charts": comparisons,
    "series": timelines,
    "tables": grids,
    "states": conditions,
    "error": broken,
    "empty": empty,
}


def entry() -> None:
    PARTS.get(st.query_params.get("part", "cockpit"), cockpit)()


def main() -> None:
    cache.freeze()
    st.set_page_config(
        page_title=text.t("app.title"),
        page_icon=str(ROOT / "static/icon.png"),
        layout="wide",
        initial_sidebar_state=212,
    )
    names = {
        "board": ("cockpit",),
        "cost": ("allocation", "department"),
        "data": ("upload", "quality", "dictionary", "settings"),
    }
    icons = {
        "cockpit": "space_dashboard",
        "allocation": "account_tree",
        "department": "local_hospital",
        "upload": "upload",
        "quality": "fact_check",
        "dictionary": "menu_book",
        "settings": "tune",
    }
    nav = st.navigation(
        {
            text.t(f"nav.{s}"): [
                st.Page(
                    entry if n == "cockpit" else lambda: None,
                    title=text.t(f"nav.{n}"),
                    icon=f":material/{icons[n]}:",
                    url_path=n,
                    default=n == "cockpit",
                )
                for n in listed
            ]
            for s, listed in names.items()
        },
        expanded=True,
    )
    url.resume(nav.url_path)
    st.logo(
        str(ROOT / f"static/logo_{text.lang()}.png"), size="large", icon_image=str(ROOT / "static/icon.png")
    )
    text.choose()
    text.chrome()
    nav.run()


main()
