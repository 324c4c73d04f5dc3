-- Who holds which role: the truth table of has_role and has_any_role.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(14);

create function pg_temp.roles_of(name text)
returns text[]
language plpgsql
as $$
declare
  roles text[];
begin
  perform pg_temp.act_as(name);
  roles := array(
    select role
    from unnest(array['user', 'moderator', 'analyst', 'admin', 'super_admin', 'owner', ''])
      as role
    where private.has_role(role)
  );
  perform pg_temp.act_as('operator');
  return roles;
end;
$$;

select is(pg_temp.roles_of('member'), '{}', 'a user without a row holds no role');
select is(pg_temp.roles_of('user'), '{user}', 'a user with role user holds that role alone');
select is(pg_temp.roles_of('moderator'), '{moderator}', 'a moderator holds that role alone');
select is(pg_temp.roles_of('analyst'), '{analyst}', 'an analyst holds that role alone');
select is(pg_temp.roles_of('admin'), '{admin}', 'an administrator does not hold lesser roles');
select is(
  pg_temp.roles_of('super_admin'), '{super_admin}',
  'a super_admin is not an administrator as well'
);
select is(pg_temp.roles_of('leaving_admin'), '{admin}', 'a role that will end counts until then');
select is(
  pg_temp.roles_of('expired_admin'), '{}',
  'a role that has ended, or ends this moment, counts for nothing'
);
select is(pg_temp.roles_of('anon'), '{}', 'nobody signed in holds no role');
select is(pg_temp.roles_of('service_role'), '{}', 'the service key holds no role of a user');

select pg_temp.act_as('moderator');
select ok(
  private.has_any_role(array['admin', 'moderator']),
  'has_any_role is true when the caller holds one of the roles'
);
select ok(
  not private.has_any_role(array['admin', 'super_admin']),
  'has_any_role is false when the caller holds none of the roles'
);
select ok(not private.has_any_role('{}'), 'has_any_role is false for no roles');
select ok(
  private.has_any_role(null) is false and private.has_role(null) is false,
  'an unknown role is answered by false, not by null'
);

select * from finish();
rollback;
