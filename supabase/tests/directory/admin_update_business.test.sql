-- Administrators set what no owner may set, key by key; nobody else does.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(68);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 7) as n;
insert into private.user_roles (user_id, role, expires_at) values
  ('a7e57000-0000-4000-8000-000000000002', 'moderator', null),
  ('a7e57000-0000-4000-8000-000000000003', 'admin', null),
  ('a7e57000-0000-4000-8000-000000000004', 'super_admin', null),
  ('a7e57000-0000-4000-8000-000000000005', 'admin', now() - interval '1 second'),
  ('a7e57000-0000-4000-8000-000000000006', 'analyst', null);
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zma-one', 'Zmacategory');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zma One', 'Zmacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zma Two', 'Zmacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'active');
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000007', 'manager',
    now());

-- what comes of an attempt by a user, given by number
create function pg_temp.attempt(actor text, changes jsonb)
returns text
language plpgsql
as $$
begin
  perform set_config(
    'request.jwt.claims',
    format('{"sub": "a7e57000-0000-4000-8000-00000000000%s"}', actor), true
  );
  perform set_config('role', 'authenticated', true);
  perform directory.admin_update_business('b7e57000-0000-4000-8000-000000000001', attempt.changes);
  perform set_config('role', 'none', true);
  return 'done';
exception
  when others then
    perform set_config('role', 'none', true);
    return sqlstate;
end;
$$;

set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$
    select directory.admin_update_business('b7e57000-0000-4000-8000-000000000001',
      '{"subscription_tier": "elite"}')
  $$,
  '42501', null,
  'a visitor sets nothing'
);
reset role;
select is(pg_temp.attempt(actor, '{"subscription_tier": "elite"}'), '42501', rule)
from (
  values
    ('1', 'an owner can not give the business a tier'),
    ('7', 'a manager can not give the business a tier'),
    ('2', 'a moderator can not give a business a tier'),
    ('6', 'an analyst can not give a business a tier'),
    ('5', 'an administrator whose role has expired can not')
) as tried (actor, rule);
select is(pg_temp.attempt('7', '{"owner_id": "a7e57000-0000-4000-8000-000000000007"}'), '42501',
  'a manager can not take ownership this way either');
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select throws_ok(
  $$
    select directory_internal.admin_update_business('b7e57000-0000-4000-8000-000000000001',
      '{"subscription_tier": "elite"}')
  $$,
  '42501', null,
  'the function behind the RPC asks for the role as well'
);
reset role;
select results_eq(
  $$
    select subscription_tier, owner_id from directory.businesses
    where id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('free', 'a7e57000-0000-4000-8000-000000000001'::uuid) $$,
  'after all refusals nothing has changed'
);

-- each key
create function pg_temp.value_of(key text)
returns text
language sql
as $$
  select coalesce(to_jsonb(businesses) || coalesce(to_jsonb(business_private), '{}'), '{}') ->> key
  from directory.businesses
  left join directory_internal.business_private on business_private.business_id = businesses.id
  where businesses.id = 'b7e57000-0000-4000-8000-000000000001';
$$;
create temporary table keys (place int generated always as identity, key text, value jsonb)
on commit drop;
insert into keys (key, value) values
  ('owner_id', '"a7e57000-0000-4000-8000-000000000007"'),
  ('verification_status', '"verified"'),
  ('trust_signals', '{"award": "2026"}'),
  ('subscription_tier', '"premium"'),
  ('featured_until', '"2030-01-01T00:00:00+00:00"'),
  ('suspended_at', '"2031-01-01T00:00:00+00:00"'),
  ('suspended_until', '"2032-01-01T00:00:00+00:00"'),
  ('phone_verified', 'true'),
  ('email_verified', 'true'),
  ('legal_name', '"Zma One LLC"'),
  ('annual_revenue', '"1-2 M"'),
  ('subscription_valid_until', '"2030-06-01T00:00:00+00:00"'),
  ('premium_features', '{"analytics": true}'),
  ('boost_credits', '12'),
  ('notes', '"Zma note"');
select is(
  pg_temp.attempt('3', jsonb_build_object(key, value)), 'done',
  format('an administrator sets %s', key)
)
from (select * from keys order by place) as keys;
select is(
  pg_temp.value_of(key), value #>> '{}',
  format('%s is kept, whatever was set after it', key)
)
from (select * from keys order by place) as keys;
select is(
  (
    select verification_date from directory.businesses
    where id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  now(),
  'a verification is dated'
);
select results_eq(
  $$
    select subscription_tier, is_verified, visible_until from directory.listings
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('premium', true, '2031-01-01T00:00:00Z'::timestamptz) $$,
  'the listing follows what an administrator sets'
);
select is(
  pg_temp.attempt('4',
    '{"subscription_tier": "elite", "boost_credits": 3, "featured_until": null}'),
  'done',
  'a super administrator sets several at once'
);
select is(
  concat_ws(
    ' ', pg_temp.value_of('subscription_tier'), pg_temp.value_of('boost_credits'),
    coalesce(pg_temp.value_of('featured_until'), 'null'), pg_temp.value_of('legal_name')
  ),
  'elite 3 null Zma One LLC',
  'several are set, a null empties, what is not named stays'
);
select is(pg_temp.attempt('3', '{}'), 'done', 'an empty object changes nothing and is no error');
update directory.businesses set verification_date = '2020-01-01'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.attempt('3', '{"verification_status": "verified"}'), 'done',
  'a verified business can be set verified');
select is(
  (
    select verification_date from directory.businesses
    where id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  '2020-01-01'::timestamptz,
  'and keeps the date of its verification'
);
select is(pg_temp.attempt('3', '{"verification_status": "rejected"}'), 'done',
  'a verification is taken back');
select is(
  (
    select verification_date from directory.businesses
    where id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  null,
  'and its date goes with it'
);

-- what is refused
select is(pg_temp.attempt('3', changes), code, rule)
from (
  values
    ('{"name": "Zma Hijacked"}'::jsonb, 'PL142', 'a key that an owner sets is not set here'),
    ('{"status": "deleted"}', 'PL142', 'the status is not set here'),
    ('{"quality_score": 5}', 'PL142', 'the score is not set here'),
    ('{"id": "b7e57000-0000-4000-8000-000000000009"}', 'PL142', 'the id is not set here'),
    ('{"claim_token": "x"}', 'PL142', 'an unknown key is refused'),
    ('{"subscription_tier": "free", "x": 1}', 'PL142', 'one unknown key refuses all'),
    ('[]', 'PL142', 'a list is refused'),
    ('"x"', 'PL142', 'a text is refused'),
    (null, 'PL142', 'nothing at all is refused'),
    ('{"subscription_tier": "platinum"}', '23514', 'an unknown tier is refused'),
    ('{"subscription_tier": null}', '23502', 'a tier can not be emptied'),
    ('{"boost_credits": -1}', '23514', 'negative credits are refused'),
    ('{"boost_credits": "many"}', '22P02', 'credits in words are refused'),
    ('{"premium_features": []}', '23514', 'features that are no object are refused'),
    ('{"owner_id": "a7e57000-0000-4000-8000-0000000000ff"}', '23503', 'an unknown owner is refused')
) as tried (changes, code, rule);
select is(
  concat_ws(' ', pg_temp.value_of('subscription_tier'), pg_temp.value_of('boost_credits')),
  'elite 3',
  'a refused change changes nothing'
);

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select throws_ok(
  $$
    select directory.admin_update_business('b7e57000-0000-4000-8000-0000000000ff',
      '{"subscription_tier": "elite"}')
  $$,
  'PT404', 'Business b7e57000-0000-4000-8000-0000000000ff not found.',
  'an unknown business is not found'
);
select throws_ok(
  $$
    select directory.admin_update_business('b7e57000-0000-4000-8000-000000000001', '{"colour": 1}')
  $$,
  'PL142', 'colour can not be set here.',
  'the message names the key'
);
reset role;
set local request.jwt.claims = '{}';
set local role service_role;
select lives_ok(
  $$
    select directory.admin_update_business('b7e57000-0000-4000-8000-000000000001',
      '{"subscription_tier": "free"}')
  $$,
  'the service key sets what administrators set'
);
reset role;
select results_eq(
  $$
    select subscription_tier, boost_credits
    from directory.businesses
    left join directory_internal.business_private on business_private.business_id = businesses.id
    where id = 'b7e57000-0000-4000-8000-000000000002'
  $$,
  $$ values ('free', null::int) $$,
  'another business is as it was'
);

select * from finish();
rollback;
