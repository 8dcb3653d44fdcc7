"""The balanced scorecard: 136 indicators as data, computed in one pass, scored, mapped and appraised.

    define.indicators() -> {code: Indicator}      core/definitions/indicators/*.yaml; facts() what they are made of
    define.objectives(), perspectives(), arrows()  the strategy map
    value.*     figures out of mart_indicator      score.*     scores, weights, lights, coverage, SMART
    targets.*   who has to reach what, by when     strategy.*  the map with lights and lagged correlations
    appraisal.* frozen results, league table, reasons for missing, actions

Views: mart_indicator_fact, mart_indicator_value (kept when first asked for), mart_indicator. This file imports nothing:
the definitions are needed where a snapshot is opened.
"""
