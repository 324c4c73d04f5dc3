-- Moderators and administrators move a business through its states, and only along the allowed
-- steps.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(42);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 7) as n;
insert into private.user_roles (user_id, role, expires_at) values
  ('a7e57000-0000-4000-8000-000000000002', 'moderator', null),
  ('a7e57000-0000-4000-8000-000000000003', 'admin', null),
  ('a7e57000-0000-4000-8000-000000000004', 'super_admin', null),
  ('a7e57000-0000-4000-8000-000000000005', 'admin', now() - interval '1 second'),
  ('a7e57000-0000-4000-8000-000000000006', 'analyst', null),
  ('a7e57000-0000-4000-8000-000000000007', 'user', null);
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zms-one', 'Zmscategory');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id)
values ('b7e57000-0000-4000-8000-000000000001', 'Zms One', 'Zmscity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001');

create function pg_temp.status()
returns text
language sql
as $$
  select businesses.status from directory.businesses
  where businesses.id = 'b7e57000-0000-4000-8000-000000000001';
$$;
-- puts the business into a state without the RPC
create function pg_temp.put(new_status text)
returns void
language sql
as $$
  update directory.businesses
  set status = new_status, deleted_at = null, suspended_at = null, suspended_until = null
  where businesses.id = 'b7e57000-0000-4000-8000-000000000001';
$$;

-- who may not
set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$ select directory.set_business_status('b7e57000-0000-4000-8000-000000000001', 'active') $$,
  '42501', null,
  'a visitor publishes nothing'
);
select throws_ok(
  $$
    select directory_internal.set_business_status('b7e57000-0000-4000-8000-000000000001', 'active',
      null)
  $$,
  '42501', null,
  'nor by the function behind it'
);
reset role;

create function pg_temp.attempt(actor text, new_status text)
returns text
language plpgsql
as $$
begin
  perform set_config(
    'request.jwt.claims',
    format('{"sub": "a7e57000-0000-4000-8000-00000000000%s"}', actor), true
  );
  perform set_config('role', 'authenticated', true);
  perform directory.set_business_status(
    'b7e57000-0000-4000-8000-000000000001', attempt.new_status, 'Zms reason'
  );
  perform set_config('role', 'none', true);
  return pg_temp.status();
exception
  when others then
    perform set_config('role', 'none', true);
    return sqlstate || ' ' || sqlerrm;
end;
$$;

select is(pg_temp.attempt(actor, 'active'), '42501 Your account may not do this.', rule)
from (
  values
    ('1', 'not even the owner publishes'),
    ('5', 'an administrator whose role has expired publishes nothing'),
    ('6', 'an analyst publishes nothing'),
    ('7', 'a user publishes nothing')
) as tried (actor, rule);
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(
  $$
    select directory_internal.set_business_status('b7e57000-0000-4000-8000-000000000001', 'active',
      null)
  $$,
  '42501', null,
  'the function behind the RPC asks for the role as well'
);
reset role;
set local request.jwt.claims =
  '{"sub": "a7e57000-0000-4000-8000-000000000001", "role": "service_role", "user_roles": "admin"}';
set local role authenticated;
select throws_ok(
  $$ select directory.set_business_status('b7e57000-0000-4000-8000-000000000001', 'active') $$,
  '42501', null,
  'roles that a token claims publish nothing'
);
reset role;
select is(pg_temp.status(), 'draft', 'after all refusals the draft is a draft');

-- who may
select is(pg_temp.attempt('2', 'active'), 'active', 'a moderator publishes');
select is(pg_temp.attempt('3', 'suspended'), 'suspended', 'an administrator suspends');
select is(pg_temp.attempt('4', 'active'), 'active', 'a super administrator restores');
set local request.jwt.claims = '{}';
set local role service_role;
select lives_ok(
  $$
    select directory.set_business_status('b7e57000-0000-4000-8000-000000000001', 'suspended',
      'Zms by service')
  $$,
  'the service key suspends'
);
reset role;
select results_eq(
  $$
    select status, suspended_at, suspended_until, suspension_reason
    from directory.businesses
    join directory_internal.business_private on business_private.business_id = businesses.id
    where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('suspended', now(), null::timestamptz, 'Zms by service') $$,
  'a suspension is dated and keeps its reason where the public does not read it'
);
select is(pg_temp.attempt('2', 'active'), 'active', 'a moderator restores');
select results_eq(
  $$
    select suspended_at, suspended_until, suspension_reason
    from directory.businesses
    join directory_internal.business_private on business_private.business_id = businesses.id
    where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values (null::timestamptz, null::timestamptz, null) $$,
  'a restored business carries nothing of its suspension'
);
update directory.businesses set suspended_at = now() - interval '1 day'
where id = 'b7e57000-0000-4000-8000-000000000001';

-- every step there could be
select pg_temp.put('draft') is null as put;
select is(pg_temp.attempt('3', next_status), expected, rule)
from (
  values
    ('suspended', 'PL141 A business can not go from draft to suspended.',
      'a draft is not suspended'),
    ('draft', 'PL141 A business can not go from draft to draft.',
      'a draft stays no draft by a step'),
    ('bogus', 'PL141 A business can not go from draft to bogus.', 'an unknown state is refused'),
    (null, 'PL141 A business can not go from draft to null.', 'no state is refused'),
    ('', 'PL141 A business can not go from draft to .', 'an empty state is refused'),
    ('Active', 'PL141 A business can not go from draft to Active.',
      'a state in capitals is refused'),
    ('deleted', 'deleted', 'a draft is deleted')
) as step (next_status, expected, rule);
select isnt(
  (select deleted_at from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001'),
  null,
  'a deletion is dated'
);
select is(pg_temp.attempt('3', next_status),
  'PL141 A business can not go from deleted to ' || next_status || '.',
  format('a deleted business does not become %s', next_status))
from unnest(array['draft', 'active', 'suspended', 'deleted']) as next_status;
select pg_temp.put('active') is null as put;
select is(pg_temp.attempt('3', next_status), expected, rule)
from (
  values
    ('draft', 'PL141 A business can not go from active to draft.',
      'a published business becomes no draft'),
    ('active', 'PL141 A business can not go from active to active.',
      'a published business is not published again'),
    ('deleted', 'deleted', 'a published business is deleted')
) as step (next_status, expected, rule);
select pg_temp.put('suspended') is null as put;
select is(pg_temp.attempt('3', next_status), expected, rule)
from (
  values
    ('draft', 'PL141 A business can not go from suspended to draft.',
      'a suspended business becomes no draft'),
    ('suspended', 'PL141 A business can not go from suspended to suspended.',
      'a suspended business is not suspended again'),
    ('deleted', 'deleted', 'a suspended business is deleted')
) as step (next_status, expected, rule);

-- unknown ones, and what follows
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select throws_ok(
  $$ select directory.set_business_status('b7e57000-0000-4000-8000-0000000000ff', 'active') $$,
  'PT404', 'Business b7e57000-0000-4000-8000-0000000000ff not found.',
  'an unknown business is not found'
);
select throws_ok(
  $$ select directory.set_business_status(null, 'active') $$,
  'PT404', 'Business null not found.',
  'no business is not found'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(
  $$ select directory.set_business_status('b7e57000-0000-4000-8000-0000000000ff', 'active') $$,
  '42501', null,
  'who may not act is not told either whether a business exists'
);
reset role;

select pg_temp.put('draft') is null as put;
select is(pg_temp.attempt('2', 'active'), 'active', 'the draft is published once more');
set local request.jwt.claims = '{}';
set local role anon;
select isnt_empty(
  $$
    select 1 from directory.listings where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'what was published has a listing'
);
reset role;
select is(pg_temp.attempt('2', 'suspended'), 'suspended', 'and is suspended');
set local request.jwt.claims = '{}';
set local role anon;
select is_empty(
  $$
    select 1 from directory.listings where business_id = 'b7e57000-0000-4000-8000-000000000001'
    union all
    select 1 from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'what was suspended is gone from the public'
);
reset role;
select is(
  (
    select array_agg(distinct acl.grantee::regrole::text order by acl.grantee::regrole::text)
    from pg_proc
    cross join lateral aclexplode(pg_proc.proacl) as acl
    where pg_proc.oid in (
      'directory.set_business_status(uuid, text, text)'::regprocedure,
      'directory_internal.set_business_status(uuid, text, text)'::regprocedure
    )
      and acl.privilege_type = 'EXECUTE'
  ),
  array['authenticated', 'postgres', 'service_role'],
  'who is signed in may ask, nobody else'
);

select * from finish();
rollback;
