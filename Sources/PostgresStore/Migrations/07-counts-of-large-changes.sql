-- A large change locks its counts for long, so it has its own slots.
DO $do$ BEGIN
    EXECUTE replace(
        pg_get_functiondef('number_count_change()'::regprocedure),
        'pg_backend_pid() % 16',
        'pg_backend_pid() % 16
            + CASE current_setting(''carrier.change'', true) WHEN ''large'' THEN 16 ELSE 0 END'
    );
END $do$;
