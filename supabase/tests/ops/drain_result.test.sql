-- A drain leaves every row where it belongs, and nothing of its own.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(12);

create temporary table before as select * from planted.events;

select ops.drain_partition('planted.events') as drain_id \gset
select is(id, :drain_id::bigint, 'a drain by hand returns its id') from drain;
select is(pg_temp.advance('done'), 'done', 'the executor takes it to its end');

select is_empty(
  '(table before except table planted.events) union all (table planted.events except table before)',
  'the table holds the same rows as before'
);
select results_eq(
  $$select tableoid::regclass::text collate "C", count(*)
    from planted.events group by 1 order by 1$$,
  $$values
    ('partitions.planted_events_y2020m01' collate "C", 23::bigint),
    ('partitions.planted_events_y2020m02', 1392),
    ('partitions.planted_events_y2020m03', 585)$$,
  'each row is in the partition of its month'
);
select is(
  (select count(*) from ops.partition_bounds('planted.events') where is_default), 1::bigint,
  'the table has a default'
);
select is_empty(
  $$select child
    from ops.partition_bounds('planted.events') as bounds
    join pg_class on pg_class.oid = bounds.child
    where not relrowsecurity$$,
  'every partition is under row level security'
);
select is_empty(
  $$select tgrelid::regclass from pg_trigger where tgname like 'drain%'$$, 'no trigger is left'
);
select is_empty(
  $$select relname from pg_class where relname like 'drain\_%' and relkind in ('r', 'p')$$,
  'no shadow is left'
);
select is_empty(
  $$select oid from pg_class where oid = (select old_default from drain)$$,
  'the old default is dropped'
);
select is(rows_copied, 2000::bigint, 'the row of the drain counts the rows') from drain;
select ok(swap_milliseconds > 0, 'and says how long the swap locked the table') from drain;
select is(
  (
    select details ->> 'rows_copied'
    from ops.system_logs
    where source = 'ops.drain_partitions' and message = 'A default partition was drained.'
  ),
  '2000',
  'so does the log'
);

select * from finish();
rollback;
