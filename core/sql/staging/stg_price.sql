-- grain: one row is one charge item of the price list (E33)
select
    hospital, charge_code, charge_name, charge_unit, price, ceiling, content, day_limit, sex_limit, separate, valid_from,
    least(coalesce(ceiling, price), coalesce(price, ceiling)) as most,
    _source, _batch, _file, _sheet, _row, _col
from raw_price
