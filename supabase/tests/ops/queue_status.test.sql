-- What an alert asks: how many wait, how many are held, how many failed, and how old is the oldest.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(2);

select ops.define_queue('planted', 'A queue of a test.') \g /dev/null
select ops.define_queue('idle', 'An empty one.') \g /dev/null

select ops.enqueue_many('planted', '[1, 2, 3, 4, 5, 6]') \g /dev/null
select ops.enqueue('planted', '7', delay => '1 hour') \g /dev/null
select id, lease_token from ops.dequeue('planted', 3) \g /dev/null
-- one lease ran out, one worker failed, one message is dead
update ops.queue set visible_at = now() - interval '5 minutes' where payload = '1';
select ops.fail(id, lease_token, 'Again.') from ops.queue where payload = '2' \g /dev/null
select ops.bury(array(select id from ops.queue where payload = '6'), 'By hand.') \g /dev/null

select results_eq(
  $$
    select visible, leased, delayed, dead, oldest_age
    from ops.queue_status
    where queue = 'planted'
  $$,
  $$values (3::bigint, 1::bigint, 2::bigint, 1::bigint, interval '5 minutes')$$,
  'each message is counted once, by what it waits for, and the oldest is the longest due'
);
select results_eq(
  $$
    select visible, leased, delayed, dead, oldest_age
    from ops.queue_status
    where queue = 'idle'
  $$,
  $$values (0::bigint, 0::bigint, 0::bigint, 0::bigint, null::interval)$$,
  'an empty queue is there, without an age'
);

select * from finish();
rollback;
