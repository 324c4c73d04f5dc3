-- Messages are handed out by priority, then by age, each to one worker.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(6);

select ops.define_queue('planted', 'A queue of a test.') \g /dev/null
select ops.define_queue('other', 'Another one.') \g /dev/null
select ops.enqueue('planted', '"first"') \g /dev/null
select ops.enqueue('planted', '"second"') \g /dev/null
select ops.enqueue('planted', '"low"', priority => -1) \g /dev/null
select ops.enqueue('planted', '"high"', priority => 5) \g /dev/null
select ops.enqueue('planted', '"oldest"') \g /dev/null
select ops.enqueue('other', '"elsewhere"') \g /dev/null
update ops.queue
set visible_at = now() - interval '1 hour'
where queue = 'planted' and payload = '"oldest"';

select results_eq(
  $$select payload from ops.dequeue('planted', 3)$$,
  array['"high"', '"oldest"', '"first"']::jsonb[],
  'a batch holds the highest priority first, and of one priority the oldest'
);
select results_eq(
  $$select payload from ops.dequeue('planted')$$,
  array['"second"']::jsonb[],
  'one message is handed out by default, and none that a worker holds'
);
select results_eq(
  $$select payload, priority, attempts from ops.dequeue('planted', 10)$$,
  $$values ('"low"'::jsonb, -1, 1)$$,
  'a batch ends with what there is'
);
select is_empty(
  $$select payload from ops.dequeue('planted', 10)$$, 'a queue whose messages are held is empty'
);
select results_eq(
  $$
    select count(distinct lease_token)::int, count(distinct visible_at)::int
    from ops.queue
    where queue = 'planted' and priority >= 0
  $$,
  $$values (2, 2)$$,
  'the messages of a batch share a token and the end of the lease'
);
select is(
  (select payload from ops.dequeue('other')), '"elsewhere"', 'other queues are left alone'
);

select * from finish();
rollback;
