-- Threat: somebody writes under the name of another, by settings that look like a checked token.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql
\ir ../private/people.psql

select plan(7);

grant usage on schema planted to authenticated, service_role;
grant insert on planted.notes to authenticated, service_role;
select audit.enable('planted.notes') \g /dev/null

create function pg_temp.last_entry()
returns audit.audit_logs
language sql
security definer
as 'select * from audit.audit_logs order by id desc limit 1';
grant execute on function pg_temp.last_entry() to public;

select pg_temp.act_as('member');
insert into planted.notes values (1);
select results_eq(
  $$select actor_id, actor_role, login_role from pg_temp.last_entry()$$,
  $$values (null::uuid, 'authenticated', 'postgres')$$,
  'in a session that is not of the API a claim names nobody'
);
select is(
  ((pg_temp.last_entry()).claimed ->> 'claims')::jsonb ->> 'sub', pg_temp.person('member')::text,
  'it is kept as what was claimed'
);

select pg_temp.act_as('operator');
select ops.set_setting('audit.api_logins', to_jsonb(array[session_user])) \g /dev/null
select pg_temp.act_as('member');
insert into planted.notes values (2);
select results_eq(
  $$select actor_id, actor_role, claimed from pg_temp.last_entry()$$,
  $$select pg_temp.person('member'), 'authenticated', null::jsonb$$,
  'in a session of the API, which has checked the token, it names the actor'
);

select pg_temp.act_as('service_role');
select set_config('request.jwt.claims', '{"role": "authenticated"}', true) \g /dev/null
insert into planted.notes values (3);
select results_eq(
  $$select actor_id, actor_role from pg_temp.last_entry()$$,
  $$values (null::uuid, 'service_role')$$,
  'the role is the one of the database, whatever the claim says'
);

select pg_temp.act_as('operator');
select set_config('request.jwt.claims', '', true) \g /dev/null
insert into planted.notes values (4);
select results_eq(
  $$select actor_id, actor_role, claimed from pg_temp.last_entry()$$,
  $$values (null::uuid, 'postgres', null::jsonb)$$,
  'after a request the settings are empty texts, by which nobody acts and nothing fails'
);

select pg_temp.act_as('member');
select throws_ok(
  $$
    insert into audit.audit_logs (logged_at, target_id, operation, actor_role, login_role)
    values (now(), 1, 'INSERT', 'x', 'x')
  $$,
  '42501', null, 'a user can not write an entry'
);
select throws_ok(
  $$select audit.log_switch(1, 'DISABLE', null, null)$$,
  '42501', null, 'nor call what does'
);

select * from finish();
rollback;
