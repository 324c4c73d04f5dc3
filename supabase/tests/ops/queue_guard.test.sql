-- Taking a message costs the same, however many wait for their time.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(4);

select ops.define_queue('planted', 'A queue of a test.') \g /dev/null
insert into ops.queue (queue, priority, payload, visible_at)
select 'planted', n % 3 + 1, '1', now() + interval '1 hour'
from generate_series(1, 60000) as n;
select ops.enqueue('planted', '"due"') \g /dev/null

create function pg_temp.blocks_read(statement text)
returns int
language plpgsql
as $$
declare
  plan jsonb;
begin
  execute 'explain (analyze, buffers, format json) ' || statement into plan;
  return (plan #>> '{0,Plan,Shared Hit Blocks}')::int
    + (plan #>> '{0,Plan,Shared Read Blocks}')::int;
end;
$$;

-- the first call of a session reads the catalogue too
select ops.dequeue('planted') \g /dev/null
update ops.queue set visible_at = now() where payload = '"due"';

select cmp_ok(
  pg_temp.blocks_read($$select id from ops.dequeue('planted')$$), '<', 150,
  'a message behind 60,000 delayed ones of higher priority is found without reading them'
);
set local plan_cache_mode = force_generic_plan;
update ops.queue set visible_at = now() where payload = '"due"';
select cmp_ok(
  pg_temp.blocks_read($$select id from ops.dequeue('planted')$$), '<', 150,
  'also with the plan that a session keeps'
);
select is(
  (select attempts from ops.queue where payload = '"due"'), 3, 'it was that message'
);
select cmp_ok(
  pg_temp.blocks_read('select count(visible_at) from ops.queue where visible_at <= now()'),
  '>', 300, 'the measure sees what a walk over all of them reads'
);

select * from finish();
rollback;
