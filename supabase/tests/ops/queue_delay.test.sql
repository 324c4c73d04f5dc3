-- A delayed message is seen by nobody until it is due.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(3);

select ops.define_queue('planted', 'A queue of a test.') \g /dev/null
select ops.enqueue('planted', '"later"', priority => 9, delay => '10 minutes') \g /dev/null
select ops.enqueue('planted', '"now"') \g /dev/null

select results_eq(
  $$select payload from ops.dequeue('planted', 10)$$,
  array['"now"']::jsonb[],
  'a delayed message is not handed out, whatever its priority, and holds up no other'
);
select is(
  (select visible_at from ops.queue where payload = '"later"'),
  now() + interval '10 minutes',
  'a delay counts from the start of the transaction'
);
update ops.queue set visible_at = now() where payload = '"later"';
select results_eq(
  $$select payload from ops.dequeue('planted', 10)$$,
  array['"later"']::jsonb[],
  'a message that is due is handed out'
);

select * from finish();
rollback;
