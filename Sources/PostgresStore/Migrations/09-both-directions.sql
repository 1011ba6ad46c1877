-- Only older programs, whose ties are always in the order of ascending ids, need an index for each direction.
DROP INDEX IF EXISTS number_by_monthy_price_descending;
DROP INDEX IF EXISTS number_by_setup_price_descending;
DROP INDEX IF EXISTS number_by_currency_descending;
DROP INDEX IF EXISTS number_by_currency_monthy_price_descending;
DROP INDEX IF EXISTS number_by_currency_setup_price_descending;
