-- What is archived and restored is what it was: every type, every row, once.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(13);

select pg_temp.contents('public.planted_events') as before \gset
select pg_temp.detach() \g /dev/null
select is(pg_temp.contents('public.planted_events'), '0 ' || md5(''), 'the month is gone at first');

select matches(
  pg_temp.work(), '^again( store)+( again)+ store$',
  'an export stores chunks, sums up the table, and stores its manifest'
);
select results_eq(
  $$select status, affected_records from archive.jobs$$,
  $$values ('completed', 100::bigint)$$,
  'the job is complete and counts its rows'
);
select results_eq(
  $$select row_count, chunks > 2, raw_bytes > 20000, lower_bound, upper_bound
    from archive.manifest$$,
  $$values (100::bigint, true, true, '2025-01-01 00:00:00+00', '2025-02-01 00:00:00+00')$$,
  'the manifest says what was archived'
);
select is_empty(
  $$select path from public.planted_store where octet_length(content) > 10000$$,
  'no chunk is larger than the limit'
);
select isnt_empty(
  $$select from public.planted_store
    where path ~ '^here/planted/[0-9a-f-]{36}/manifest-[0-9a-f]{16}\.json$'
      and content::jsonb ->> 'row_count' = '100'
      and jsonb_array_length(content::jsonb -> 'columns') = 14$$,
  'the manifest lies beside the chunks'
);
select results_eq(
  $$select action from ops.maintain_table('public.planted_events', '2025-03-10', '{drop}')$$,
  $$values ('drop')$$,
  'only now maintenance drops the partition'
);

set local timezone = 'Asia/Kathmandu';
set local datestyle = 'German';
set local intervalstyle = 'iso_8601';
set local extra_float_digits = 0;
set local bytea_output = 'escape';
select archive.restore(job_id) from archive.manifest \g /dev/null
select matches(
  pg_temp.work(), '^(fetch )+(again ?)+$', 'a restore fetches chunks, sums up and attaches'
);
select is(
  pg_temp.contents('public.planted_events'), :'before',
  'a query over the restored range gives the same rows, whatever the formats of the session'
);
select results_eq(
  $$select affected_records from archive.jobs where kind = 'restore' and status = 'completed'$$,
  $$values (100::bigint)$$,
  'the restore is complete and counts its rows'
);
select results_eq(
  $$select restored_as, restored_at is not null from archive.manifest$$,
  $$values ('partitions.public_planted_events_y2025m01', true)$$,
  'the manifest says where the rows are'
);
select is(pg_temp.work(), '', 'nothing is left to do');
select throws_ok(
  $$select archive.restore(job_id) from archive.manifest$$,
  'PL094', null, 'what is restored is not restored again'
);

select * from finish();
rollback;
