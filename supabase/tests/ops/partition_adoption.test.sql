-- Partitions that were made by hand come under the rules of all others.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(7);

create schema planted;
create table planted.events (id bigint, at timestamptz) partition by range (at);
create table planted."events of 2020" partition of planted.events
  for values from ('2020-01-01 00:00+00') to ('2021-01-01 00:00+00');
create table partitions.planted_events_2021 partition of planted.events
  for values from ('2021-01-01 00:00+00') to ('2022-01-01 00:00+00');
grant usage on schema planted to anon;
grant select on planted."events of 2020" to anon, public;
insert into planted.events values (1, '2020-05-05 00:00+00');

select results_eq(
  $$
    select child, detail
    from ops.manage_partitions('planted.events', 'at', 'month')
    where action = 'adopt'
  $$,
  $$
    values
      ('partitions."events of 2020"', 'was planted."events of 2020"'),
      ('partitions.planted_events_2021', 'was partitions.planted_events_2021')
  $$,
  'both are taken, and it is said'
);
select has_table('partitions', 'events of 2020', 'one has moved');
select is(
  (
    select array_agg(distinct pg_class.relrowsecurity)
    from pg_catalog.pg_inherits
    join pg_catalog.pg_class on pg_class.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = 'planted.events'::regclass
  ),
  '{t}', 'all are under row level security'
);
select ok(
  not has_table_privilege('anon', 'partitions."events of 2020"', 'select'),
  'nobody reads a partition past the policies of its parent'
);
select is((select count(*) from planted.events), 1::bigint, 'no row is lost');
select is_empty(
  $$
    select child
    from ops.manage_partitions('planted.events', 'at', 'month')
    where action = 'adopt'
  $$,
  'a second time there is nothing to take'
);

create table planted.deep (at timestamptz not null, kind text not null) partition by range (at);
create table planted.deep_2026 partition of planted.deep
  for values from ('2026-01-01') to ('2027-01-01') partition by list (kind);
select throws_ok(
  $$select ops.manage_partitions('planted.deep', 'at', 'month')$$, 'PL018', null,
  'partitions that are partitioned themselves are refused: what lies below would stay readable'
);

select * from finish();
rollback;
