-- What is on its way into the archive takes no more writes, so that none is dropped with it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(14);

select pg_temp.detach() \g /dev/null
select child from ops.detached_partitions where parent = 'public.planted_events' \gset

select throws_ok(
  format('insert into %s (id, at) overriding system value values (1000, ''2025-01-02'')', :'child'),
  'PL016', null, 'a detached partition takes no row'
);
select throws_ok(
  format('update %s set note = ''late'' where id = 1', :'child'), 'PL016', null, 'no change'
);
select throws_ok(format('delete from %s where id = 1', :'child'), 'PL016', null, 'no delete');
select throws_ok(format('truncate %s', :'child'), 'PL016', null, 'and no truncate');

-- the action of the parent changes while the partition waits
select ops.manage_partitions('public.planted_events', 'at', 'month', retention => '30 days')
\g /dev/null
select is_empty(
  $$
    select child
    from ops.partition_plan('public.planted_events', '2025-03-10')
    where action = 'drop'
  $$,
  'a parent that drops from now on does not drop what waits for the archive'
);
select isnt(pg_temp.work(), '', 'it is archived all the same');
select is(
  (select status from archive.jobs where kind = 'export'), 'completed', 'to the end'
);

-- somebody takes the guard away, and writes
alter table :child disable trigger archived_refuse_write;
update :child set note = 'late' where id = 1;
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
select isnt(to_regclass(:'child'), null, 'a partition that was written to is not dropped');
select is(
  (select archived_at from ops.detached_partitions where child = :'child'), null,
  'but archived anew'
);
update archive.policies set next_run_at = now() where name = 'planted';
select archive.upkeep() \g /dev/null
select pg_temp.work() \g /dev/null
select is(
  (select count(*) from archive.manifest where superseded_by is not null), 1::bigint,
  'what was archived first is marked'
);
select throws_ok(
  format(
    'select archive.restore(%L)',
    (select job_id from archive.manifest where superseded_by is not null)
  ),
  'PL089', null, 'and is not restored by mistake'
);

-- attached again by hand
alter table public.planted_events attach partition :child
  for values from ('2025-01-01 00:00+00') to ('2025-02-01 00:00+00');
select results_eq(
  $$
    select action, child
    from ops.maintain_table('public.planted_events', '2025-01-20', '{reattached}')
  $$,
  format($$values ('reattached', %L)$$, :'child'),
  'a partition that was attached again is one of the table'
);
select lives_ok(
  $$insert into public.planted_events (at, note) values ('2025-01-02', 'new')$$,
  'and takes writes'
);
select is_empty(
  format('select from ops.detached_partitions where child = %L', :'child'),
  'nothing says any more that it was archived'
);

select * from finish();
rollback;
