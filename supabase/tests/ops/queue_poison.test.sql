-- A message that kills each of its workers is never reported; it goes to the dead letters all the
-- same.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(7);

select ops.define_queue('planted', 'A queue of a test.', max_attempts => 2) \g /dev/null
select id as message from ops.enqueue('planted', '"poison"') \gset
select ops.enqueue('planted', '"good"') \g /dev/null
select ops.dequeue('planted') \g /dev/null
update ops.queue set visible_at = now() - interval '1 second' where id = :message;
select ops.dequeue('planted') \g /dev/null

select is(ops.tidy_queue(), false, 'the upkeep says when nothing waits');
select is(
  (select count(*)::int from ops.queue), 2, 'it leaves a message alone while its last worker lives'
);
update ops.queue set visible_at = now() - interval '1 second' where id = :message;
select results_eq(
  $$select payload from ops.dequeue('planted', 10)$$,
  array['"good"']::jsonb[],
  'a message without attempts before it is handed out no more'
);
select is(ops.tidy_queue(), false, 'the upkeep runs');
select results_eq(
  'select id, attempts, reason from ops.dead_letters',
  format('values (%s::bigint, 2, %L)', :message, 'The lease of the last attempt ran out.'),
  'its last lease over, it is a dead letter'
);

select ops.set_setting('queue.upkeep_rows', '1') \g /dev/null
update ops.queue set visible_at = now() - interval '1 second', attempts = 2;
select is(ops.tidy_queue(), true, 'one step does a bounded part, and says that more may wait');
select is(ops.bury(array[0], 'Gone.'), 0, 'what is not there is not buried');

select * from finish();
rollback;
