-- Where pg_net is, a function is called with the key from Vault, and only one that a queue names.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(10);

-- Hosted Supabase has both extensions. Where they are not, tables of their shape stand in.
select to_regproc('net.http_post') is null as is_missing \gset
\if :is_missing
create schema net;
create table net.http_request_queue (url text, headers jsonb, body bytea, timeout_milliseconds int);
create function net.http_post(
  url text, body jsonb, params jsonb default '{}', headers jsonb default '{}',
  timeout_milliseconds int default 5000
)
returns bigint
language sql
as $$
  insert into net.http_request_queue
  values (url, headers, convert_to(body::text, 'UTF8'), timeout_milliseconds);
  select 1::bigint;
$$;
\endif
select to_regclass('vault.decrypted_secrets') is null as is_missing \gset
\if :is_missing
create schema vault;
create table vault.decrypted_secrets (name text, decrypted_secret text);
create function vault.create_secret(secret text, name text)
returns void
language sql
as 'insert into vault.decrypted_secrets values (name, secret)';
\endif

select ops.define_queue('planted', 'A queue of a test.', wakes => 'planted-worker') \g /dev/null
select ops.define_queue('beside', 'With the same worker.', wakes => 'planted-worker') \g /dev/null
select ops.define_queue('polled', 'Nobody is woken.') \g /dev/null
create temporary view posted as
select url, headers, convert_from(body, 'UTF8')::jsonb as body, timeout_milliseconds
from net.http_request_queue
where url like 'https://planted.test/%';

select throws_ok(
  $$select ops.wake('search')$$,
  'PL042', 'No queue wakes a function search.', 'a function that no queue names is refused'
);
select throws_ok(
  $$select ops.wake('planted-worker/../admin')$$, 'PL042', null, 'as is a path'
);
select throws_ok('select ops.wake(null)', 'PL042', null, 'and none');
select throws_ok(
  $$select ops.wake('planted-worker')$$,
  'PL043', 'Functions can not be woken: the setting queue.functions_url is empty.',
  'without the address of the functions it says so'
);
select ops.set_setting('queue.functions_url', '"https://planted.test/functions/v1"') \g /dev/null
select ops.set_setting('queue.secret_name', '"planted_key"') \g /dev/null
select throws_ok(
  $$select ops.wake('planted-worker')$$, 'PL043', null, 'without the key in Vault too'
);

select vault.create_secret('sb_secret_planted', 'planted_key') \g /dev/null
select ops.wake('planted-worker') \g /dev/null
select results_eq(
  'select url, headers ->> $$apikey$$, body, timeout_milliseconds from posted',
  $$
    values (
      'https://planted.test/functions/v1/planted-worker', 'sb_secret_planted', '{}'::jsonb, 30000
    )
  $$,
  'the function is called with the secret key'
);

select ops.enqueue('polled', '1') \g /dev/null
select ops.enqueue('planted', '1', delay => '1 hour') \g /dev/null
select is(ops.wake_consumers(), false, 'the topic does all in one step');
select is((select count(*)::int from posted), 1, 'it wakes nobody for what is not due');
update ops.queue set visible_at = now() where queue = 'planted';
select ops.enqueue('beside', '1') \g /dev/null
select ops.wake_consumers() \g /dev/null
select is(
  (select count(*)::int from posted), 2, 'it wakes a function once, however many queues wait'
);
select ops.dequeue('planted') \g /dev/null
select ops.dequeue('beside') \g /dev/null
select ops.wake_consumers() \g /dev/null
select is((select count(*)::int from posted), 2, 'and not for messages that a worker holds');

select * from finish();
rollback;
