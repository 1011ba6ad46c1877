-- A page reads its ids from the index alone, so each index includes them. If there are numbers, Migrator.swift
-- builds each index before it drops the old one.
CREATE INDEX number_by_value ON number (value, id);
CREATE INDEX number_by_currency_value ON number (currency, value, id);
