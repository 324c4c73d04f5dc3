-- A drain starts where a default holds rows that a partition could take, one for each table.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(11);

select ok(ops.drain_partitions(), 'the executor starts a drain of a default that holds rows');
select is(phase, 'building', 'first the partitions are made') from drain;
select is(cardinality(periods), 3, 'there is one for each month of the rows') from drain;
select is(
  (select relrowsecurity from pg_class where oid = (select shadow from drain)), true,
  'the shadow is under row level security'
);
select throws_ok(
  $$select ops.drain_partition('planted.events')$$,
  'PL023', 'A drain of planted.events runs already.', 'a second drain of the table is refused'
);
select is(pg_temp.advance('copying'), 'copying', 'partitions and triggers come before the copy');
select is(
  array(
    select format('%s to %s', lower_bound, upper_bound)
    from ops.partition_bounds((select shadow from drain))
    where not is_default
    order by lower_bound collate "C"
  ),
  array[
    '2020-01-01 00:00:00+00 to 2020-02-01 00:00:00+00',
    '2020-02-01 00:00:00+00 to 2020-03-01 00:00:00+00',
    '2020-03-01 00:00:00+00 to 2020-04-01 00:00:00+00'
  ],
  'the shadow has a partition for each of these months, in UTC'
);

create table planted.empty (at timestamptz primary key) partition by range (at);
select ops.manage_partitions('planted.empty', 'at', 'day') \g /dev/null
create table planted.unmanaged (at timestamptz primary key) partition by range (at);
select throws_ok(
  $$select ops.drain_partition('planted.empty')$$,
  'PL020', 'The default partition of planted.empty holds no row that a partition could take.',
  'a drain of an empty default is refused'
);
select throws_ok(
  $$select ops.drain_partition('planted.unmanaged')$$,
  'PL010', null, 'a drain of a table without management is refused'
);

set local role service_role;
select is(
  (select count(*) from ops.partition_drains where phase = 'copying'), 1::bigint,
  'a dashboard with the service key reads the drains'
);
select throws_ok(
  $$select ops.drain_partition('ops.settings')$$, '42501', null, 'and starts none'
);
reset role;

select * from finish();
rollback;
