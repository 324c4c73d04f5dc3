-- Threat: a client hides its address behind one that it writes into X-Forwarded-For.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(7);

select is(
  audit.forwarded_address('6.6.6.6, 203.0.113.9', 1), '203.0.113.9',
  'the last address is the one that the trusted proxy saw'
);
select is(
  audit.forwarded_address('6.6.6.6,203.0.113.9, 10.0.0.1', 2), '203.0.113.9',
  'behind two trusted proxies it is the last but one'
);
select is(
  audit.forwarded_address('6.6.6.6', 2), null,
  'with fewer entries than proxies none is true'
);
select is(audit.forwarded_address('6.6.6.6', 0), null, 'without a trusted proxy none is true');
select is(audit.forwarded_address(null, 1), null, 'without the header there is none');
select is(audit.forwarded_address('2001:db8::1', 1), '2001:db8::1', 'an address may be of IPv6');

select audit.enable('planted.notes') \g /dev/null
select set_config('request.headers', '{"x-forwarded-for": "6.6.6.6"}', true) \g /dev/null
insert into planted.notes values (1);
select is(
  (select address from audit.audit_logs order by id desc limit 1), inet_client_addr(),
  'outside the API the address is the one of the connection'
);

select * from finish();
rollback;
