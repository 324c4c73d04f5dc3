-- Threat: somebody who can make objects puts a table, function or operator of a trusted name first
-- in the search_path, so that a function with more rights than theirs reads it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(9);

-- What an attacker would like to be read: in a schema of their own, and as temporary objects, which
-- come first without being named.
create schema planted;
grant usage on schema planted to public;

create temporary table user_roles as
select pg_temp.person('member') as user_id, 'super_admin' as role, null::timestamptz as expires_at;
create temporary table error_codes as
select 'PT404' as code, 200 as status, 'fooled' as message, 'fooled' as hint;
grant select on user_roles, error_codes to public;
create table planted.user_roles as table pg_temp.user_roles;
grant select on planted.user_roles to public;

create function planted.has_any_role(text[]) returns boolean language sql as 'select true';
create function planted.current_setting(text) returns text language sql as $$select 'postgres'$$;
create function planted.current_setting(text, boolean) returns text language sql as $$
  select case when $1 = 'request.jwt.claims' then
    jsonb_build_object('sub', md5('person of a test: admin')::uuid, 'role', 'service_role')::text
  end
$$;
create function planted.now() returns timestamptz language sql as $$
  select '-infinity'::timestamptz
$$;
create function planted.agrees(uuid, uuid) returns boolean language sql as 'select true';
create function planted.agrees(text, text) returns boolean language sql as 'select true';
create operator planted.= (leftarg = uuid, rightarg = uuid, function = planted.agrees);
create operator planted.= (leftarg = text, rightarg = text, function = planted.agrees);
grant execute on all functions in schema planted to public;

create function pg_temp.has_any_role(text[]) returns boolean language sql as 'select true';
create function pg_temp.uid() returns uuid language sql as $$select pg_temp.person('admin')$$;
grant execute on function pg_temp.has_any_role(text[]), pg_temp.uid() to public;

select pg_temp.act_as('member');
set local search_path = planted, pg_temp, private, auth, pg_catalog;

-- the trap is set
select has_any_role('{}') as is_set,
  (select role from user_roles where user_id = user_id) as planted_role,
  current_setting('role') as planted_setting \gset

select private.has_role('super_admin') as is_super_admin,
  private.has_any_role(array['admin', 'super_admin']) as is_any \gset
select pg_temp.outcome($$select private.grant_role(pg_temp.person('member'), 'admin')$$) as grants,
  pg_temp.outcome($$
    select directory.set_business_status('00000000-0000-0000-0000-000000000000', 'active')
  $$) as decides,
  pg_temp.outcome($$
    insert into directory.categories (slug, name) values ('hijacked', 'Hijacked')
  $$) as writes,
  pg_temp.outcome($$select private.fail('PT404', 'x')$$) as fails \gset

select pg_temp.act_as('expired_admin');
select private.has_role('admin') as is_expired_admin \gset

set local search_path = extensions;
select pg_temp.act_as('operator');

select is(
  array[:'is_set', :'planted_role', :'planted_setting'],
  array['t', 'super_admin', 'postgres'],
  'the planted function, table and setting are what an unqualified name finds'
);
select is(:'is_super_admin'::text, 'f', 'has_role reads no planted table, function or operator');
select is(:'is_any'::text, 'f', 'has_any_role reads no planted table, function or operator');
select is(:'grants'::text, '42501', 'grant_role does not take the caller for the operator');
select is(:'decides'::text, '42501', 'an RPC for moderators is not fooled');
select is(:'writes'::text, '42501', 'a policy for administrators is not fooled');
select is(:'fails'::text, 'PT404', 'an error is read from the registry, not from a planted one');
select is(
  :'is_expired_admin'::text, 'f', 'a planted clock does not bring back a role that has ended'
);
select is_empty(
  $$
    select 1
    from private.user_roles
    where user_id = pg_temp.person('member')
  $$,
  'after all attempts the attacker holds no role'
);

select * from finish();
rollback;
