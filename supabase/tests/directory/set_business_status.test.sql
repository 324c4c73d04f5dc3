-- Owners, moderators and administrators move a business through its states, each only along the
-- steps that are theirs.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(60);

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
-- puts the business into a state past the triggers that hold everybody to the steps
create function pg_temp.put(new_status text)
returns void
language plpgsql
as $$
begin
  perform set_config('session_replication_role', 'replica', true);
  update directory.businesses
  set
    status = new_status, suspended_at = null, suspended_until = null,
    published_at = coalesce(published_at, now()),
    deleted_at = case new_status when 'deleted' then now() end
  where businesses.id = 'b7e57000-0000-4000-8000-000000000001';
  perform set_config('session_replication_role', 'origin', true);
  perform directory_internal.refresh_listings(array['b7e57000-0000-4000-8000-000000000001'::uuid]);
end;
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
    ('5', 'an administrator whose role has expired publishes nothing'),
    ('6', 'an analyst publishes nothing'),
    ('7', 'a user publishes nothing')
) as tried (actor, rule);
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000007"}';
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
  '{"sub": "a7e57000-0000-4000-8000-000000000007", "role": "service_role", "user_roles": "admin"}';
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

savepoint steps;
-- the owner
select pg_temp.put('draft') is null as put;
select is(pg_temp.attempt('1', 'active'), 'active', 'an owner publishes the draft');
select is(pg_temp.attempt('1', 'draft'), 'draft', 'an owner withdraws what is published');
select is(pg_temp.attempt('1', 'suspended'), '42501 Your account may not do this.',
  'an owner suspends nothing');
select is(pg_temp.attempt('1', 'bogus'), '42501 Your account may not do this.',
  'an owner takes no step that there is not');
select is(pg_temp.attempt('1', 'deleted'), 'deleted', 'an owner deletes the draft');
select is(pg_temp.attempt('1', 'active'), '42501 Your account may not do this.',
  'an owner brings back nothing that is deleted');
select pg_temp.put('active') is null as put;
select is(pg_temp.attempt('1', 'deleted'), 'deleted', 'an owner deletes what is published');
select pg_temp.put('suspended') is null as put;
select is(pg_temp.attempt('1', next_status), '42501 Your account may not do this.', rule)
from (
  values
    ('active', 'an owner does not lift a suspension'),
    ('draft', 'an owner does not withdraw what is suspended'),
    ('deleted', 'an owner does not delete what is suspended')
) as step (next_status, rule);
select is(
  (
    select count(*) from audit.admin_actions
    where admin_id = 'a7e57000-0000-4000-8000-000000000001'
  ),
  0::bigint,
  'what an owner does by ownership is no act of an administrator'
);

-- by the clock: suspended since a minute, though no job has written it down yet
select pg_temp.put('active') is null as put;
update directory.businesses set suspended_at = now() - interval '1 minute'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.attempt('1', 'draft'), '42501 Your account may not do this.',
  'an owner does not withdraw what has just been suspended by the clock');
select is(pg_temp.attempt('2', 'active'), 'active', 'a moderator lifts it all the same');
select pg_temp.put('suspended') is null as put;
update directory.businesses
set suspended_at = now() - interval '2 days', suspended_until = now() - interval '1 minute'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.attempt('1', 'draft'), 'draft',
  'an owner withdraws what is public again by the clock');
select is(
  (
    select suspended_at from directory.businesses
    where id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  null,
  'a suspension that is over goes with that'
);

-- the trigger behind all of them
select pg_temp.put('draft') is null as put;
select throws_ok(
  $$
    update directory.businesses set status = 'suspended'
    where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'PL141', 'A business can not go from draft to suspended.',
  'not even a direct write leaves the steps'
);
set local role service_role;
select throws_ok(
  $$
    update directory.businesses set status = 'suspended'
    where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'PL141', 'A business can not go from draft to suspended.',
  'nor the service key'
);
reset role;
insert into directory_internal.business_transitions
values ('draft', 'suspended', false, true);
select is(pg_temp.attempt('2', 'suspended'), 'suspended',
  'the steps are data: a row that is added is a step');
delete from directory_internal.business_transitions where from_status = 'suspended';
select is(pg_temp.attempt('2', 'active'), 'PL141 A business can not go from suspended to active.',
  'and one that is taken away is none');
rollback to savepoint steps;

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
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000007"}';
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
