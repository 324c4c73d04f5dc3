-- The hook of Supabase Auth that puts roles into the token.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(14);

insert into private.user_roles (user_id, role, expires_at)
values (pg_temp.person('admin'), 'analyst', null);

select is(
  private.custom_access_token_hook(jsonb_build_object(
    'user_id', pg_temp.person('admin'), 'claims', '{"sub": "x", "role": "authenticated"}'::jsonb
  )) -> 'claims',
  '{"sub": "x", "role": "authenticated", "user_roles": ["admin", "analyst"]}',
  'the roles in force stand in the claim user_roles, and no other claim changes'
);
select is(
  private.custom_access_token_hook(jsonb_build_object(
    'user_id', pg_temp.person('leaving_admin'), 'claims', '{}'::jsonb
  )) #> '{claims,user_roles}',
  '["admin"]', 'a role that will end is in force'
);
select is(
  private.custom_access_token_hook(jsonb_build_object(
    'user_id', pg_temp.person('expired_admin'), 'claims', '{}'::jsonb
  )) #> '{claims,user_roles}',
  '[]', 'a role that has ended is left out'
);
select is(
  private.custom_access_token_hook(jsonb_build_object(
    'user_id', pg_temp.person('member'), 'claims', '{}'::jsonb
  )) #> '{claims,user_roles}',
  '[]', 'a user without roles has an empty list'
);
select is(
  private.custom_access_token_hook(jsonb_build_object(
    'user_id', pg_temp.person('member'), 'claims', '{"user_roles": ["super_admin"]}'::jsonb
  )) #> '{claims,user_roles}',
  '[]', 'roles that stand in the event are replaced, not kept'
);
select is(
  private.custom_access_token_hook(jsonb_build_object(
    'user_id', pg_temp.person('admin'), 'authentication_method', 'password', 'claims', '{}'::jsonb
  )) - 'claims',
  jsonb_build_object('user_id', pg_temp.person('admin'), 'authentication_method', 'password'),
  'the rest of the event comes back unchanged'
);

-- Auth calls it as supabase_auth_admin, which no test may become
select ok(
  has_function_privilege(
    'supabase_auth_admin', 'private.custom_access_token_hook(jsonb)', 'execute'
  )
    and has_schema_privilege('supabase_auth_admin', 'private', 'usage'),
  'Auth may call the hook'
);
select ok(
  has_table_privilege('supabase_auth_admin', 'private.user_roles', 'select')
    and not has_table_privilege(
      'supabase_auth_admin', 'private.user_roles', 'insert, update, delete'
    ),
  'Auth may read the roles that the hook reads, and not write them'
);
select is(
  (
    select format('%s for %s using %s', policyname, cmd, qual)
    from pg_policies
    where schemaname = 'private' and tablename = 'user_roles' and roles = '{supabase_auth_admin}'
  ),
  'user_roles_select_auth_admin for SELECT using true',
  'row-level security shows Auth every row'
);
select is(
  (
    select prosecdef
    from pg_proc
    where oid = 'private.custom_access_token_hook(jsonb)'::regprocedure
  ),
  false,
  'the hook has no rights but those of Auth'
);

select pg_temp.act_as('anon');
select throws_ok(
  $$select private.custom_access_token_hook('{}')$$,
  '42501', null, 'anon can not ask the hook for the roles of somebody'
);
select pg_temp.act_as('admin');
select throws_ok(
  $$select private.custom_access_token_hook('{}')$$,
  '42501', null, 'a user can not ask the hook for the roles of somebody'
);
select pg_temp.act_as('service_role');
select throws_ok(
  $$select private.custom_access_token_hook('{}')$$,
  '42501', null, 'the service key can not call the hook'
);
select pg_temp.act_as('operator');
select is_empty(
  $$
    select 1
    from pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) as acl
    where pg_proc.oid = 'private.custom_access_token_hook(jsonb)'::regprocedure
      and acl.grantee not in (pg_proc.proowner, 'supabase_auth_admin'::regrole)
  $$,
  'nobody else may call the hook'
);

select * from finish();
rollback;
