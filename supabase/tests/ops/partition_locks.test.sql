-- A partition that is made ahead shuts nobody out of the tables that its foreign keys refer to.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(3);

create table ops.planted (
  at timestamptz not null,
  user_id uuid references auth.users
) partition by range (at);
select ops.manage_partitions(
  'ops.planted', 'at', 'month', ahead => 1, as_of => timestamptz '2026-01-15 00:00+00'
) \g /dev/null
select ops.maintain_table('ops.planted', timestamptz '2026-02-15 00:00+00') \g /dev/null

create function pg_temp.shut_out()
returns boolean
language sql
as $$
  select exists (
    select
    from pg_locks
    where pid = pg_backend_pid() and relation = 'auth.users'::regclass
      and mode = 'AccessExclusiveLock'
  );
$$;
select ok(not pg_temp.shut_out(), 'readers of the other table go on');
select is(
  (
    select count(*)
    from pg_catalog.pg_constraint
    where contype = 'f' and conparentid <> 0
      and conrelid in (select child from ops.partition_bounds('ops.planted'))
  ),
  4::bigint, 'and each partition has the foreign key'
);

-- the planted defect: the key stands before the attach
select ops.build_partition('ops.planted', '2026-05-01 00:00+00', '2026-06-01 00:00+00', true) as
  child \gset
select ops.attach_partition('ops.planted', :'child', '2026-05-01 00:00+00', '2026-06-01 00:00+00')
  \g /dev/null
select ok(pg_temp.shut_out(), 'planted: with a key that stands before, they would wait');

select * from finish();
rollback;
