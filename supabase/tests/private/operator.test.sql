-- Threat: a definer function takes its caller for the operator, because inside it current_user is
-- its owner, or because a claim says so.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(6);

create function pg_temp.asked_by_definer()
returns text
language sql
security definer
set search_path = ''
as $$
  select format('%s %s', current_user, private.is_operator())
$$;
grant execute on function pg_temp.asked_by_definer() to anon, authenticated, service_role;

select is(private.is_operator(), true, 'a direct connection of the owner is the operator');
select is(pg_temp.asked_by_definer(), 'postgres t', 'it is inside a definer function too');

select pg_temp.act_as('service_role');
select is(pg_temp.asked_by_definer(), 'postgres t', 'the service key is the operator');

select pg_temp.act_as('super_admin');
select is(
  pg_temp.asked_by_definer(), 'postgres f',
  'a user is not, although the definer function runs as the owner'
);
select set_config('request.jwt.claims', '{"role": "service_role"}', true) \g /dev/null
select is(pg_temp.asked_by_definer(), 'postgres f', 'a claim does not make a user the operator');

select pg_temp.act_as('anon');
select is(pg_temp.asked_by_definer(), 'postgres f', 'anon is not the operator');

select * from finish();
rollback;
