-- Each unit makes whole periods by the calendar in UTC: the current one and those ahead.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(11);

create function pg_temp.made(unit text, type text, as_of timestamptz, step bigint default null)
returns text[]
language plpgsql
as $$
declare
  made text[];
begin
  execute format('create table ops.planted (at %s not null) partition by range (at)', type);
  perform ops.manage_partitions(
    'ops.planted', 'at', unit, ahead => 2, step => step, as_of => as_of
  );
  select array_agg(
    format('%s %s', substr(child::text, 24), lower_bound) order by lower_bound::text collate "C"
  ) into made
  from ops.partition_bounds('ops.planted')
  where not is_default;
  drop table ops.planted;
  return made;
end;
$$;

select is(
  pg_temp.made('hour', 'timestamptz', '2026-12-31 22:30+00'),
  array[
    'y2026m12d31h22 2026-12-31 22:00:00+00', 'y2026m12d31h23 2026-12-31 23:00:00+00',
    'y2027m01d01h00 2027-01-01 00:00:00+00'
  ],
  'hours'
);
select is(
  pg_temp.made('day', 'timestamptz', '2028-02-28 00:00+00'),
  array[
    'y2028m02d28 2028-02-28 00:00:00+00', 'y2028m02d29 2028-02-29 00:00:00+00',
    'y2028m03d01 2028-03-01 00:00:00+00'
  ],
  'days, with that of a leap year'
);
select is(
  pg_temp.made('week', 'timestamptz', '2027-01-03 23:59+00'),
  array[
    'y2026w53 2026-12-28 00:00:00+00', 'y2027w01 2027-01-04 00:00:00+00',
    'y2027w02 2027-01-11 00:00:00+00'
  ],
  'weeks begin on Monday and have the number and the year of ISO 8601'
);
select is(
  pg_temp.made('month', 'timestamptz', '2026-12-31 23:59:59.999999+00'),
  array[
    'y2026m12 2026-12-01 00:00:00+00', 'y2027m01 2027-01-01 00:00:00+00',
    'y2027m02 2027-02-01 00:00:00+00'
  ],
  'months'
);
select is(
  pg_temp.made('quarter', 'timestamptz', '2026-08-15 00:00+00'),
  array[
    'y2026q3 2026-07-01 00:00:00+00', 'y2026q4 2026-10-01 00:00:00+00',
    'y2027q1 2027-01-01 00:00:00+00'
  ],
  'quarters'
);
select is(
  pg_temp.made('year', 'timestamptz', '2026-01-01 00:00+00'),
  array[
    'y2026 2026-01-01 00:00:00+00', 'y2027 2027-01-01 00:00:00+00',
    'y2028 2028-01-01 00:00:00+00'
  ],
  'years'
);
select is(
  pg_temp.made('month', 'timestamp', '2026-11-15 00:00+00'),
  array[
    'y2026m11 2026-11-01 00:00:00', 'y2026m12 2026-12-01 00:00:00',
    'y2027m01 2027-01-01 00:00:00'
  ],
  'a column without time zone is taken to be in UTC'
);
select is(
  pg_temp.made('day', 'date', '2026-11-30 12:00+00'),
  array['y2026m11d30 2026-11-30', 'y2026m12d01 2026-12-01', 'y2026m12d02 2026-12-02'],
  'a column of dates'
);
select is(
  pg_temp.made('integer', 'bigint', now(), 1000),
  array['i0 0', 'i1000 1000', 'i2000 2000'],
  'numbers, from zero while the table is empty'
);

create table ops.planted (at int not null) partition by range (at);
select ops.manage_partitions('ops.planted', 'at', 'integer', ahead => 1, step => 10) \g /dev/null
insert into ops.planted values (15);
select results_eq(
  'select action, child from ops.maintain_table(''ops.planted'')',
  $$values ('create', 'partitions.ops_planted_i20')$$,
  'numbers ahead are counted from the greatest value'
);
select results_eq(
  $$
    select value, bounds.*
    from unnest('{-1, -10, -11, 29, 30}'::text[]) as value
    left join lateral ops.partition_range('ops.planted', value) as bounds on true
  $$,
  $$
    values
      ('-1', '-10', '0'), ('-10', '-10', '0'), ('-11', '-20', '-10'), ('29', null, null),
      ('30', '30', '40')
  $$,
  'numbers below zero have their period; a number that a partition covers has none'
);

select * from finish();
rollback;
