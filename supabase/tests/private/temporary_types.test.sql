-- Threat: temporary types come before all others, also under an empty search_path, and a check of a
-- domain runs as whoever assigns to it. A temporary domain named text makes a definer function with
-- a variable of type text run the attacker's code as its owner. Only the right to make temporary
-- objects stops it, so no API role has that right.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(6);

select is_empty(
  $$
    select name
    from unnest(array['anon', 'authenticated', 'service_role', 'authenticator']) as name
    where has_database_privilege(name, current_database(), 'temporary')
  $$,
  'no API role may make temporary objects'
);
select is_empty(
  $$
    select name
    from unnest(array['anon', 'authenticated', 'service_role', 'authenticator']) as name
    where has_database_privilege(name, current_database(), 'create')
  $$,
  'no API role may make a schema'
);

insert into directory.categories (id, slug, name)
values (pg_temp.person('category'), 'temporary-types-test', 'Temporary types test');

select pg_temp.act_as('member');
select throws_ok(
  'create temporary table user_roles (user_id uuid, role text)',
  '42501', null, 'a user can not make a temporary table'
);
select throws_ok(
  'create domain pg_temp.planted as pg_catalog.text',
  '42501', null, 'a user can not make a temporary type'
);

-- the attack itself, with whatever the user is let make
select pg_temp.outcome($$
  create function pg_temp.take(pg_catalog.text) returns boolean language plpgsql as $body$
  begin
    insert into private.user_roles (user_id, role) values (auth.uid(), 'super_admin')
    on conflict do nothing;
    return true;
  end;
  $body$
$$) \g /dev/null
select pg_temp.outcome(
  'create domain pg_temp.text as pg_catalog.text check (pg_temp.take(value))'
) \g /dev/null
select pg_temp.outcome($$
  insert into directory.businesses (name, city, state, primary_category_id, owner_id)
  values ('x', 'y', 'z', pg_temp.person('category'), auth.uid())
$$) \g /dev/null
select private.has_role('super_admin') as is_super_admin \gset
drop domain if exists pg_temp.text;
select is(
  :'is_super_admin'::text, 'f',
  'a temporary type does not run code as the owner of a definer function'
);

select pg_temp.act_as('operator');
select is_empty(
  $$select role from private.user_roles where user_id = pg_temp.person('member')$$,
  'after the attempt the attacker holds no role'
);

select * from finish();
rollback;
