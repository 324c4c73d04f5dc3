-- A table that is partitioned already changes its interval: what holds rows stays as it is, new
-- partitions begin where the coverage ends. Never a gap, never an overlap.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(12);

create table ops.planted (at timestamptz not null) partition by range (at);
create function pg_temp.manage(unit text, as_of timestamptz, ahead int)
returns setof text
language sql
as $$
  select action || ' ' || substr(child, 24)
  from ops.manage_partitions(
    'ops.planted', 'at', manage.unit, ahead => manage.ahead, as_of => manage.as_of
  )
$$;
create temporary view standing as
select child, tstzrange(lower_bound::timestamptz, upper_bound::timestamptz) as span
from ops.partition_bounds('ops.planted')
where not is_default;
-- one range: no gap. As long as the sum of its parts: no overlap.
create temporary view coverage as
select
  range_agg(span) as spans,
  sum(upper(span) - lower(span)) = max(upper(span)) - min(lower(span)) as is_whole
from standing;

select pg_temp.manage('month', '2026-11-11 12:00+00', 2) \g /dev/null
insert into ops.planted values ('2026-11-11 12:00+00'), ('2027-01-20 00:00+00');
select is_empty(
  $$select pg_temp.manage('month', '2026-11-11 12:00+00', 2)$$,
  'the same interval again changes nothing'
);

select results_eq(
  $$select pg_temp.manage('week', '2026-11-11 12:00+00', 4)$$,
  $$
    values ('remove y2026m12'), ('create y2026w49'), ('create y2026w50')
  $$,
  'from months to weeks: what is ahead and empty goes, the weeks begin when the month ends'
);
select results_eq(
  'select spans, is_whole from coverage',
  $$
    values (
      tstzmultirange(
        tstzrange('2026-11-01 00:00+00', '2026-12-14 00:00+00'),
        tstzrange('2027-01-01 00:00+00', '2027-02-01 00:00+00')
      ),
      false
    )
  $$,
  'a month ahead that holds rows stays'
);
select ops.maintain_table('ops.planted', '2026-12-10 00:00+00') \g /dev/null
select results_eq(
  'select spans, is_whole from coverage',
  $$
    values ('{["2026-11-01 00:00+00","2027-02-01 00:00+00")}'::tstzmultirange, true)
  $$,
  'in time the weeks reach it, cut where it begins'
);
select results_eq(
  $$select pg_temp.manage('day', '2027-01-30 00:00+00', 3)$$,
  $$values ('create y2027m02d01'), ('create y2027m02d02')$$,
  'from weeks to days'
);
select results_eq(
  $$select pg_temp.manage('month', '2027-02-01 12:00+00', 1)$$,
  $$values ('remove y2027m02d02'), ('create y2027m02'), ('create y2027m03')$$,
  'back to months: the current one is cut where a day covers part of it'
);
select results_eq(
  'select spans, is_whole from coverage',
  $$values ('{["2026-11-01 00:00+00","2027-04-01 00:00+00")}'::tstzmultirange, true)$$,
  'after three changes there is no gap and no overlap'
);
select results_eq(
  'select count(*) from ops.planted', array[2::bigint], 'and every row is there'
);

-- partitions that began at other hours, made by hand before
create table ops.planted_odd (at timestamptz not null) partition by range (at);
create table ops.planted_odd_first partition of ops.planted_odd
for values from (minvalue) to ('2026-11-01 05:00+00');
create table ops.planted_odd_second partition of ops.planted_odd
for values from ('2026-11-01 05:00+00') to ('2026-12-01 05:00+00');
select results_eq(
  $$
    select action, substr(child, 28), detail
    from ops.manage_partitions(
      'ops.planted_odd', 'at', 'month', ahead => 1, as_of => '2026-11-15 00:00+00'
    )
    where action <> 'adopt'
  $$,
  $$
    values
      ('create', 'default', 'default'),
      ('create', 'y2026m12', '2026-12-01 05:00:00+00 to 2027-01-01 00:00:00+00')
  $$,
  'bounds that are not ours are read as they are, also one without end'
);
select results_eq(
  $$
    select child::text, lower_bound, upper_bound
    from ops.partition_bounds('ops.planted_odd')
    where lower_bound is null and not is_default
  $$,
  $$values ('partitions.planted_odd_first', null, '2026-11-01 05:00:00+00')$$,
  'an end that is not there is null'
);

create table ops.planted_numbers (id int not null) partition by range (id);
select ops.manage_partitions('ops.planted_numbers', 'id', 'integer', ahead => 2, step => 10)
\g /dev/null
insert into ops.planted_numbers values (3);
select results_eq(
  $$
    select action, substr(child, 32), detail
    from ops.manage_partitions('ops.planted_numbers', 'id', 'integer', ahead => 1, step => 25)
  $$,
  $$
    values
      ('remove', 'i10', '10 to 20'), ('remove', 'i20', '20 to 30'),
      ('create', 'i10', '10 to 25'), ('create', 'i25', '25 to 50')
  $$,
  'another step'
);
select set_eq(
  $$select child::text from ops.partition_bounds('ops.planted_numbers')$$,
  array[
    'partitions.ops_planted_numbers_default', 'partitions.ops_planted_numbers_i0',
    'partitions.ops_planted_numbers_i10', 'partitions.ops_planted_numbers_i25'
  ],
  'partitions of another step stand side by side'
);

select * from finish();
rollback;
