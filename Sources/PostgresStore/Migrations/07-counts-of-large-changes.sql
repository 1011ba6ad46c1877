-- A large change locks rows of number_count until it commits. So it uses slots of its own, and other
-- changes do not wait for it.
DO $do$ BEGIN
    EXECUTE replace(
        pg_get_functiondef('number_count_change()'::regprocedure),
        'pg_backend_pid() % 16',
        'pg_backend_pid() % 16
            + CASE current_setting(''carrier.change'', true) WHEN ''large'' THEN 16 ELSE 0 END'
    );
END $do$;
