-- The handler of the executor does one action a call, says in the log what it did, and asks to be
-- called again while there is more.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(16);

create temporary table said (id int generated always as identity, line text, details jsonb);
-- in the place of the log, which this transaction undoes
create or replace function ops.log(
  level text,
  source text,
  message text,
  details jsonb default '{}'
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into pg_temp.said (line, details)
  values (concat_ws(' ', log.level, log.source, log.message), log.details)
$$;

-- nothing else is due
delete from ops.partition_config where true;
create table ops.planted (id int, at timestamptz not null) partition by range (at);
select ops.manage_partitions(
  'ops.planted', 'at', 'month', ahead => 1, retention => '1 month',
  as_of => date_trunc('month', now(), 'UTC') - interval '4 months'
) \g /dev/null

create temporary table partitions_before as
select child from ops.partition_bounds('ops.planted');
select is(ops.upkeep_partitions(), true, 'there is something to do');
select results_eq(
  $$
    select
      count(*),
      bool_and(tstzrange(lower_bound::timestamptz, upper_bound::timestamptz) @> now())
    from ops.partition_bounds('ops.planted')
    where child not in (select child from partitions_before)
  $$,
  'values (1::bigint, true)',
  'one call makes one partition, the most urgent one'
);
select is(ops.upkeep_partitions(), true, 'then the one ahead');
select is(ops.upkeep_partitions(), true, 'then what is too old is detached');
select is(
  (select count(*) from ops.detached_partitions where parent = 'ops.planted'), 1::bigint,
  'one at a time'
);
select is(ops.upkeep_partitions(), true, 'then the next');
select is(ops.upkeep_partitions(), true, 'then the first is dropped');
select is(ops.upkeep_partitions(), true, 'and the second');
select is(ops.upkeep_partitions(), false, 'until nothing is left to do');
select results_eq(
  $$
    select line, details ->> 'parent', (details ->> 'locked_ms')::numeric >= 0
    from said
    order by id
  $$,
  $$
    select format('info partitions %s partitions.ops_planted_%s', action, name), 'ops.planted', true
    from (
      values
        ('create', 0), ('create', 1), ('detach', -4), ('detach', -3), ('drop', -4), ('drop', -3)
    ) as expected (action, months)
    cross join lateral to_char(
      date_trunc('month', now() at time zone 'UTC') + months * interval '1 month', '"y"YYYY"m"MM'
    ) as name
  $$,
  'the log says what was done, to which table, and how long its locks were held'
);
select is(current_setting('lock_timeout'), '50ms', 'it waits for no lock longer than the setting');

insert into ops.planted values (1, date_trunc('month', now(), 'UTC') + interval '4 months');
update ops.partition_config set ahead = 4 where parent = 'ops.planted'::regclass;
select ops.upkeep_partitions(), ops.upkeep_partitions() \g /dev/null
select is(
  ops.upkeep_partitions(), false, 'a partition that waits for the drain keeps nobody busy'
);
drop table ops.planted;
select ops.upkeep_partitions() \g /dev/null
select is_empty('select parent from ops.partition_config', 'a table that is gone is forgotten');

-- a table whose action fails
create table ops.planted_parents (at timestamptz not null, id int, primary key (at, id))
  partition by range (at);
select ops.manage_partitions(
  'ops.planted_parents', 'at', 'month', ahead => 1, retention => '1 month',
  as_of => date_trunc('month', now(), 'UTC') - interval '4 months'
) \g /dev/null
insert into ops.planted_parents
select lower_bound::timestamptz, 1
from ops.partition_bounds('ops.planted_parents') where not is_default;
create table ops.planted_children (at timestamptz, id int,
  foreign key (at, id) references ops.planted_parents);
insert into ops.planted_children table ops.planted_parents;
create table ops.planted_others (at timestamptz not null) partition by range (at);
select ops.manage_partitions(
  'ops.planted_others', 'at', 'month', ahead => 1,
  as_of => date_trunc('month', now(), 'UTC') - interval '4 months'
) \g /dev/null
truncate said;
select count(*) from generate_series(1, 12) where ops.upkeep_partitions() \g /dev/null
select is(
  (select ready_ahead from ops.partition_health where parent = 'ops.planted_others'::regclass), 1,
  'a table whose action fails keeps no other one waiting'
);
select is(
  (select ready_ahead from ops.partition_health where parent = 'ops.planted_parents'::regclass), 1,
  'nor its own partitions ahead'
);
select cmp_ok(
  (select count(*) from said where line like 'error partitions upkeep of ops.planted_parents %'),
  '>=', 1::bigint, 'and what fails is logged'
);

select * from finish();
rollback;
