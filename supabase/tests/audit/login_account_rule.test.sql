-- Threat: somebody tries passwords on one account, from whatever address.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql

select plan(9);

select pg_temp.fail('Account@Rule.test ', null, n) from generate_series(1, 10) as n \g /dev/null
select is_empty(
  $$select pg_temp.events('account_brute_force_detected')$$,
  'ten failures on an account within an hour are borne'
);
select pg_temp.fail('account@rule.test', null, 11) \g /dev/null
select results_eq(
  $$select pg_temp.events('account_brute_force_detected')$$, $$values ('critical')$$,
  'the eleventh is critical, also without an address and however the e-mail address is written'
);
select pg_temp.fail('account@rule.test', null, 11 + n) from generate_series(1, 40) as n \g /dev/null
select results_eq(
  $$select pg_temp.events('account_brute_force_detected')$$, $$values ('critical')$$,
  'it is raised once, however many follow within the window'
);
select is(
  (
    select count(*)
    from audit.security_events
    where event_type = 'account_brute_force_detected'
      and subject = audit.account_hash('account@rule.test')
      and user_id is null
  ),
  1::bigint,
  'an account that does not exist counts as well, and names no user'
);

insert into auth.users (id, email)
values ('5ec00000-0000-4000-8000-000000000001', 'owner@rule.test');
select pg_temp.fail('owner@rule.test', null, n) from generate_series(101, 110) as n \g /dev/null
select pg_temp.succeed('owner@rule.test', null, 111) \g /dev/null
select pg_temp.fail('owner@rule.test', null, n) from generate_series(112, 121) as n \g /dev/null
select is_empty(
  $$
    select from audit.security_events
    where event_type = 'account_brute_force_detected'
      and user_id = '5ec00000-0000-4000-8000-000000000001'
  $$,
  'a success begins the count anew'
);
select pg_temp.fail('owner@rule.test', null, 122) \g /dev/null
select is(
  (
    select details
    from audit.security_events
    where event_type = 'account_brute_force_detected'
      and user_id = '5ec00000-0000-4000-8000-000000000001'
  ),
  '{"failures": 11}',
  'the event names the user and the figure'
);

select
  pg_temp.fail('twice@rule.test', '203.0.113.4', n),
  pg_temp.fail('twice@rule.test', null, n, 'hook')
from generate_series(1, 8) as n \g /dev/null
select is_empty(
  $$
    select from audit.security_events
    where event_type = 'account_brute_force_detected'
      and subject = audit.account_hash('twice@rule.test')
  $$,
  'an attempt that the hook and a function both tell of counts once'
);

select pg_temp.fail(null, null, n) from generate_series(1, 11) as n \g /dev/null
select isnt_empty(
  $$
    select from audit.security_events
    where event_type = 'account_brute_force_detected'
      and subject = audit.account_hash('')
  $$,
  'attempts without an e-mail address are counted too'
);
select throws_ok(
  $$select pg_temp.fail('a@rule.test', null, 1, 'rumour')$$,
  '23514', null, 'nobody else tells of attempts'
);

select * from finish();
rollback;
