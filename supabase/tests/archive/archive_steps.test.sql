-- A step is short, whatever the rows; one that is cancelled counts, and holds up no other job.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(8);

insert into public.planted_events (at, note)
select '2025-01-03', repeat(md5(n::text), 60) from generate_series(1, 200) as n;
insert into public.planted_events (at, note) values ('2025-02-03', 'of another month');
select ops.set_setting('archive.backoff_seconds', '600') \g /dev/null
select ops.maintain_table('public.planted_events', '2025-05-10', '{detach}') \g /dev/null
select pg_temp.detach() \g /dev/null
create temporary view january as
select * from archive.jobs where child = 'partitions.public_planted_events_y2025m01';
update archive.jobs
set created_at = created_at - interval '1 hour', retry_at = retry_at - interval '1 hour'
where id = (select id from january);

do $$
begin
  for turn in 1..100 loop
    exit when (select phase from january) <> 'rows';
    perform pg_temp.work(1);
  end loop;
end;
$$;

-- a table whose blocks take their time
alter function archive.table_sum(regclass, jsonb, bigint, bigint) rename to true_sum;
create function archive.table_sum(
  relation regclass, columns jsonb, begin_block bigint, end_block bigint,
  out row_count bigint, out checksum numeric
)
language plpgsql
set search_path = ''
as $$
begin
  perform pg_sleep(current_setting('planted.block_seconds')::float8 * (end_block - begin_block));
  select * into row_count, checksum
  from archive.true_sum(relation, columns, begin_block, end_block);
end;
$$;

select ops.set_setting('archive.verify_ms', '150') \g /dev/null
set local planted.block_seconds = 0.1;
select is(pg_temp.work(1), 'again', 'a step of the verification ends');
select cmp_ok(
  (select verified_blocks from january), '<',
  pg_relation_size('partitions.public_planted_events_y2025m01')
    / current_setting('block_size')::bigint,
  'before the last block, when its time is over'
);
select ok(
  (select verified_blocks > 0 and verified_rows > 0 and phase = 'verify' from january),
  'and notes how far it came'
);

set local planted.block_seconds = 5;
set local statement_timeout = '300ms';
select is(pg_temp.work(1), 'failed', 'a step that the timeout of the API cancels is a failure');
reset statement_timeout;
select results_eq(
  'select attempts, errors -> -1 ->> ''error'' from january',
  $$values (1, 'canceling statement due to statement timeout')$$,
  'which is counted and noted'
);
set local planted.block_seconds = 0;
select isnt(pg_temp.work(), '', 'while it rests, others are worked on');
select results_eq(
  'select child from archive.manifest', $$values ('partitions.public_planted_events_y2025m02')$$,
  'to their end, although it is the older one'
);
update archive.jobs set retry_at = now() where id = (select id from january);
select pg_temp.work() \g /dev/null
select is(
  (select status from january), 'completed', 'and when it has rested, it is worked on again'
);

select * from finish();
rollback;
