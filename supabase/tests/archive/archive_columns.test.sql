-- All columns of a partition are archived, also one that came after the job, and each value comes
-- back through the input function of its type.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(7);

create type public.planted_level as enum ('low', 'high');
create function public.planted_to_level(text)
returns public.planted_level
language sql
immutable
as $$ select (case $1 when 'low' then 'high' else 'low' end)::public.planted_level $$;
create cast (text as public.planted_level) with function public.planted_to_level(text);
create domain public.planted_document as jsonb check (jsonb_typeof(value) = 'object');
create domain public.planted_narrow_document as public.planted_document check (value ? 'a');
alter table public.planted_events
  add column level public.planted_level default 'low',
  add column levels public.planted_level[] default '{low,high}',
  add column document public.planted_narrow_document default '{"a": "b"}',
  add column documents json[] default array['{"a": 1}', 'null']::json[],
  add column plain json default '"text"';

select pg_temp.detach() \g /dev/null
select pg_temp.work(2) \g /dev/null
select cmp_ok((select affected_records from archive.jobs), '>', 0::bigint, 'after two chunks');
select child from ops.detached_partitions \gset
alter table :child add column extra text default 'precious';
alter table public.planted_events add column extra text default 'other';
select pg_temp.contents(:'child') as before \gset
select is(pg_temp.work(1), 'again', 'a column that came after the job makes the export begin anew');

do $$
begin
  for turn in 1..100 loop
    exit when exists (select from archive.jobs where phase = 'finish');
    perform pg_temp.work(1);
  end loop;
end;
$$;
create temporary table last_step as select * from ops.next_archive_work();
alter table :child add column last text default 'late';
alter table public.planted_events add column last text;
select throws_ok(
  $$
    select ops.confirm_archive_chunk(
      job, lease, number, encode(sha256(convert_to(content, 'UTF8')), 'hex'), 1
    )
    from last_step
  $$,
  'PL087', null, 'one that came beside the manifest keeps it from being written'
);
select pg_temp.contents(:'child') as before \gset
select ops.fail_archive_job(job, lease, 'refused') from last_step \g /dev/null
select pg_temp.work() \g /dev/null
select is(
  (select array_agg(given ->> 'name') from archive.manifest, jsonb_array_elements(columns) as given
    where given ->> 'name' in ('extra', 'last')),
  array['extra', 'last'], 'and both are in the archive'
);
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null
select archive.restore(job_id) from archive.manifest \g /dev/null
select matches(
  pg_temp.work(), '^(fetch )+(again ?)+$',
  'values of a type with a cast of its own from text, and JSON below domains, are restored'
);
select is(pg_temp.contents('public.planted_events'), :'before', 'as they were');
select results_eq(
  'select distinct level::text, levels::text, extra, last from public.planted_events',
  $$values ('low', '{low,high}', 'precious', 'late')$$,
  'and not as the cast or a default would have them'
);

select * from finish();
rollback;
