-- Rows are archived under one manifest that counts, and a range may have several.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(8);

select pg_temp.detach() \g /dev/null
select pg_temp.work() \g /dev/null
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
select job_id as first from archive.manifest \gset

-- rows that came late to the range
select ops.attach_partition(
  'public.planted_events',
  ops.build_partition('public.planted_events', '2025-01-01 00:00+00', '2025-02-01 00:00+00'),
  '2025-01-01 00:00+00', '2025-02-01 00:00+00'
) \g /dev/null
insert into public.planted_events (at, note) values ('2025-01-02', 'late');
select throws_ok(
  format('select archive.restore(%L)', :'first'), 'PL095',
  'The rows can not become a partition of public.planted_events: it has a partition of that range.',
  'a range that has a partition takes no other one'
);
select pg_temp.detach() \g /dev/null
select pg_temp.work() \g /dev/null
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
select results_eq(
  'select row_count, superseded_by is null from archive.manifest order by row_count',
  'values (1::bigint, true), (100, true)',
  'rows that came late are archived beside the others, and both manifests count'
);

select archive.restore(:'first') \g /dev/null
select pg_temp.work() \g /dev/null
select archive.release(:'first') \g /dev/null
select throws_ok(
  format('select archive.restore(%L)', :'first'), 'PL094', null,
  'rows that were released and stand yet are not restored a second time'
);
select pg_temp.detach() \g /dev/null
select throws_ok(
  format('select archive.restore(%L, attach => false)', :'first'), 'PL094', null,
  'nor while they wait to be archived anew'
);
select pg_temp.work() \g /dev/null
select job_id as second from archive.manifest order by archived_at desc limit 1 \gset
select results_eq(
  'select job_id::text, row_count from archive.manifest where superseded_by is not null',
  format('values (%L, 100::bigint)', :'first'),
  'what was restored, released and archived anew marks the manifest it came from, and no other'
);
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
select throws_ok(
  format('select archive.restore(%L)', :'first'), 'PL089',
  format('What is archived under %s was archived again later, under %s.', :'first', :'second'),
  'and that one is not restored any more'
);
select archive.restore(:'second') \g /dev/null
select pg_temp.work() \g /dev/null
select is(
  (select count(*) from public.planted_events), 100::bigint, 'the later one is'
);
select is(
  (select count(*) from archive.manifest where restored_at is not null), 1::bigint,
  'under its own manifest'
);

select * from finish();
rollback;
