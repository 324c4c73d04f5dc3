-- What a run of a check says: passed, failed with a sample, or error; each run is kept.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(15);

create table ops.planted (id int primary key, note text);
insert into ops.planted select id, 'note ' || id from generate_series(1, 25) as id;
select
  ops.define_invariant('planted.none', 'select * from ops.planted where id > 25', 'x'),
  ops.define_invariant('planted.some', 'select * from ops.planted order by id', 'x'),
  ops.define_data_quality_check(
    'planted.borne', 'drift', 'select id from ops.planted where id <= 3', 'x', 3
  ),
  ops.define_data_quality_check(
    'planted.over', 'drift', 'select id from ops.planted where id <= 4', 'x', 3
  ),
  ops.define_data_quality_check('planted.broken', 'drift', 'select 1 / (id - 5) from ops.planted',
    'x')
\g /dev/null

select results_eq(
  $$select status, violations, sample from ops.run_data_quality_check('planted.none')$$,
  $$values ('passed', 0::bigint, '[]'::jsonb)$$,
  'a query that finds nothing passes'
);
select results_eq(
  $$select status, violations from ops.run_data_quality_check('planted.some')$$,
  $$values ('failed', 25::bigint)$$,
  'a query that finds rows fails, with their number'
);
select is(
  (select sample from ops.data_quality_results where check_name = 'planted.some') -> 0,
  '{"id": 1, "note": "note 1"}'::jsonb,
  'the sample shows the rows, in the order of the query'
);
select is(
  (
    select jsonb_array_length(sample)
    from ops.data_quality_results
    where check_name = 'planted.some'
  ),
  ops.setting('ops.data_quality_sample_rows')::int,
  'and no more of them than the setting says'
);
select is(
  (ops.run_data_quality_check('planted.borne')).status, 'passed',
  'as many violations as the tolerance pass'
);
select is(
  (ops.run_data_quality_check('planted.over')).status, 'failed', 'one more than that fails'
);
select results_eq(
  $$
    select status, violations, error ~ '^22012: '
    from ops.run_data_quality_check('planted.broken')
  $$,
  $$values ('error', null::bigint, true)$$,
  'a query that fails has not passed, and the result says with what it failed'
);

select is(
  (select count(*)::int from ops.data_quality_results where check_name like 'planted.%'), 5,
  'each run is kept'
);
select cmp_ok(
  (select min(duration_ms) from ops.data_quality_results where check_name like 'planted.%'),
  '>', 0::numeric,
  'with the time that it took'
);
select bag_eq(
  $$select message from ops.system_logs where message like 'check planted.%' and level = 'error'$$,
  $$
    values
      ('check planted.some failed'), ('check planted.over failed'), ('check planted.broken error')
  $$,
  'what did not pass is logged as an error, and nothing else is'
);

select is(
  (select holds from ops.invariants where name = 'planted.none'), true, 'an invariant shows as held'
);
select results_eq(
  $$select holds, violations from ops.invariants where name = 'planted.some'$$,
  $$values (false, 25::bigint)$$,
  'or as broken, with the number of violations'
);
delete from ops.planted where id > 0;
select ops.run_data_quality_check('planted.some') \g /dev/null
select is(
  (select holds from ops.invariants where name = 'planted.some'), true,
  'its last result counts'
);

create function ops.planted_assertion() returns setof int language plpgsql as $$
begin
  assert false, 'planted assertion';
end;
$$;
select ops.define_invariant('planted.asserts', 'select * from ops.planted_assertion()', 'x')
  \g /dev/null
select is(
  (ops.run_data_quality_check('planted.asserts')).error, 'P0004: planted assertion',
  'a failed assertion is a result as well, so that the checks after it have their turn'
);

select throws_ok(
  $$select ops.run_data_quality_check('planted.unknown')$$,
  'PL051', null, 'an unknown check is an error'
);

select * from finish();
rollback;
