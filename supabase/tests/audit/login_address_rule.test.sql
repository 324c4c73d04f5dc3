-- Threat: somebody tries passwords from one address, on whatever accounts.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql

select plan(8);

select pg_temp.fail('address@rule.test', '203.0.113.1', n) from generate_series(1, 5) as n
\g /dev/null
select is_empty(
  $$select pg_temp.events('brute_force_detected')$$,
  'five failures from an address within an hour are borne'
);
select pg_temp.fail('address@rule.test', '203.0.113.1', 6) \g /dev/null
select results_eq(
  $$select pg_temp.events('brute_force_detected')$$, $$values ('critical of 203.0.113.1/32')$$,
  'the sixth is critical'
);
select pg_temp.fail('other@rule.test', '203.0.113.1', n) from generate_series(7, 60) as n
\g /dev/null
select results_eq(
  $$select pg_temp.events('brute_force_detected')$$, $$values ('critical of 203.0.113.1/32')$$,
  'it is raised once, however many follow within the window'
);
select pg_temp.fail('other@rule.test', '203.0.113.1', 3600 + n) from generate_series(7, 60) as n
\g /dev/null
select results_eq(
  $$select pg_temp.events('brute_force_detected')$$,
  $$values ('critical of 203.0.113.1/32'), ('critical of 203.0.113.1/32')$$,
  'an attack that goes on is raised again after the window'
);

select pg_temp.fail('slow@rule.test', '203.0.113.2', n * 720) from generate_series(1, 30) as n
\g /dev/null
select is_empty(
  $$
    select title
    from pg_temp.events('brute_force_detected') as title
    where title like '%203.0.113.2%'
  $$,
  'five an hour, for hours, raise nothing'
);

select pg_temp.fail('six@rule.test', ('2001:db8::' || n)::inet, n) from generate_series(1, 6) as n
\g /dev/null
select results_eq(
  $$
    select title
    from pg_temp.events('brute_force_detected') as title
    where title like '%2001%'
  $$,
  $$values ('critical of 2001:db8::/64')$$,
  'changing the address within a /64 of IPv6 helps nobody'
);
select is(
  audit.caller_network('::ffff:203.0.113.9'), '203.0.113.9/32',
  'an IPv4 address that is written as IPv6 is the same caller'
);

select ops.set_setting('audit.login_address_failures', '1') \g /dev/null
select pg_temp.fail('low@rule.test', '203.0.113.3', n) from generate_series(1, 2) as n \g /dev/null
select isnt_empty(
  $$
    select title
    from pg_temp.events('brute_force_detected') as title
    where title like '%203.0.113.3%'
  $$,
  'how many are borne is a setting'
);

select * from finish();
rollback;
