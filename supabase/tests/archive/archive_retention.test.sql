-- What was restored stays until it is released.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(15);

select pg_temp.contents('public.planted_events') as before \gset
select pg_temp.detach() \g /dev/null
select pg_temp.work() \g /dev/null
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
create temporary view due as
select action, child from ops.partition_plan('public.planted_events', '2025-03-10')
where action in ('detach', 'drop');

select throws_ok(
  'select archive.restore(gen_random_uuid())', 'PL090', null, 'an unknown id is refused'
);
select archive.restore(job_id) from archive.manifest \g /dev/null
select pg_temp.work() \g /dev/null
select is_empty('select * from due', 'a restored partition is not taken away again');
select ok(archive.release(job_id), 'until it is released') from archive.manifest;
select results_eq(
  'select * from due', $$values ('detach', 'partitions.public_planted_events_y2025m01')$$,
  'then it goes by its age as before'
);
select pg_temp.detach() \g /dev/null
select pg_temp.work() \g /dev/null
select results_eq(
  'select count(*), count(distinct checksum) from archive.manifest',
  $$values (2::bigint, 1::bigint)$$,
  'and is archived anew, with the same sum'
);
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null

select job_id as archived from archive.manifest order by archived_at desc limit 1 \gset
alter table public.planted_events drop column tags;
select throws_ok(
  format('select archive.restore(%L)', :'archived'),
  'PL095', 'The rows can not become a partition of public.planted_events: it has no column tags.',
  'rows with a column that the table has lost do not become a partition'
);
select lives_ok(
  format('select archive.restore(%L, attach => false)', :'archived'), 'but a table of their own'
);
select pg_temp.work() \g /dev/null
select format('archive.%I', 'restored_' || :'archived') as restored \gset
select is(pg_temp.contents(:'restored'::regclass), :'before', 'which holds the same rows');
select is(
  (select retention from ops.partition_config where parent = 'public.planted_events'::regclass),
  interval '30 days',
  'and lets the retention be'
);
select ok(
  (select relrowsecurity from pg_class where oid = :'restored'::regclass),
  'row level security keeps it closed'
);
select ok(archive.release(:'archived'), 'it is released');
select is(to_regclass(:'restored'), null, 'and dropped');
select ok(not archive.release(:'archived'), 'once');

alter table public.planted_events add column tags text[], add column later int default 7;
select archive.restore(:'archived') \g /dev/null
select pg_temp.work() \g /dev/null
select results_eq(
  'select count(*), min(later) from public.planted_events', $$values (100::bigint, 7)$$,
  'a column that came later has its default in restored rows'
);
select throws_ok(
  'select archive.retry(id) from archive.jobs limit 1', 'PT404', null,
  'a job that has not failed is not tried again'
);

select * from finish();
rollback;
