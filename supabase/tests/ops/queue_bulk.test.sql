-- Many messages go in with one call.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(5);

select ops.define_queue('planted', 'A queue of a test.') \g /dev/null
select id as known from ops.enqueue('planted', '"known"', 'k') \gset

create temporary table sent as
select *
from ops.enqueue_many(
  'planted', '["z", {"a": [1]}, [1, 2], "again", null]', array['z', 'a', null, 'z', 'k'], 4,
  '1 minute'
) with ordinality as message (id, is_new, place);
select results_eq(
  $$
    select sent.is_new, queue.payload
    from sent
    join ops.queue using (id)
    order by sent.place
  $$,
  $$
    values
      (true, '"z"'::jsonb), (true, '{"a": [1]}'), (true, '[1, 2]'), (false, '"z"'),
      (false, '"known"')
  $$,
  'each payload gets a row in its place, and one message for each key'
);
select results_eq(
  format('select count(*)::int from ops.queue where id <> %s
    and priority = 4 and visible_at = now() + interval %L', :known, '1 minute'),
  array[3],
  'priority and delay hold for all of them'
);
select is_empty($$select ops.enqueue_many('planted', '[]')$$, 'an empty array is no message');
select throws_ok(
  $$select ops.enqueue_many('planted', '{"a": 1}')$$,
  'PL041', 'Parameter payloads can not be a JSON object.', 'what is no array is refused'
);
select throws_ok(
  $$select ops.enqueue_many('planted', '[1, 2]', array['a'])$$,
  'PL041', null, 'keys that are not as many as the payloads are refused'
);

select * from finish();
rollback;
