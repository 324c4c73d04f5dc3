-- The public sees businesses that are active and not suspended now; who has to do with one sees it
-- whatever its state.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(16);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'), -- owner of every second business
  ('a7e57000-0000-4000-8000-000000000002'), -- stranger
  ('a7e57000-0000-4000-8000-000000000003'), -- manager of the draft
  ('a7e57000-0000-4000-8000-000000000004'), -- editor of the draft
  ('a7e57000-0000-4000-8000-000000000005'), -- invited to the draft, not accepted
  ('a7e57000-0000-4000-8000-000000000006'), -- moderator
  ('a7e57000-0000-4000-8000-000000000007'), -- administrator
  ('a7e57000-0000-4000-8000-000000000008'), -- administrator until yesterday
  ('a7e57000-0000-4000-8000-000000000009'); -- analyst
insert into private.user_roles (user_id, role, expires_at) values
  ('a7e57000-0000-4000-8000-000000000006', 'moderator', null),
  ('a7e57000-0000-4000-8000-000000000007', 'admin', null),
  ('a7e57000-0000-4000-8000-000000000008', 'admin', now() - interval '1 day'),
  ('a7e57000-0000-4000-8000-000000000009', 'analyst', null);
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqi-one', 'Zqi One');
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, owner_id, status, suspended_at, suspended_until
)
select
  fixture.id::uuid, 'zqi-' || fixture.slug, 'Zqi', 'Zqiville', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001',
  fixture.status, now() + fixture.suspended_in, now() + fixture.ends_in
from (
  values
    ('b7e57000-0000-4000-8000-000000000001', 'active', 'active', null::interval, null::interval),
    ('b7e57000-0000-4000-8000-000000000002', 'draft', 'draft', null, null),
    ('b7e57000-0000-4000-8000-000000000003', 'suspended', 'suspended', '-1 day', null),
    ('b7e57000-0000-4000-8000-000000000004', 'deleted', 'deleted', null, null),
    ('b7e57000-0000-4000-8000-000000000005', 'suspended-ahead', 'active', '1 day', '2 days'),
    ('b7e57000-0000-4000-8000-000000000006', 'suspended-since', 'active', '-1 day', null),
    ('b7e57000-0000-4000-8000-000000000007', 'suspended-now', 'active', '0', null),
    ('b7e57000-0000-4000-8000-000000000008', 'suspended-still', 'active', '-1 day', '1 day'),
    ('b7e57000-0000-4000-8000-000000000009', 'suspended-over', 'active', '-2 days', '-1 day'),
    ('b7e57000-0000-4000-8000-000000000010', 'suspended-until-now', 'active', '-1 day', '0')
) as fixture (id, slug, status, suspended_in, ends_in);
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000003', 'manager',
    now()),
  ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000004', 'editor', now()),
  ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000005', 'manager', null);

create function pg_temp.seen()
returns text
language sql
as $$
  select string_agg(substr(businesses.slug, 5), ', ' order by businesses.slug)
  from directory.businesses
  where businesses.slug like 'zqi-%';
$$;
grant execute on function pg_temp.seen() to anon, authenticated, service_role;

set local request.jwt.claims = '{}';
set local role anon;
select is(
  pg_temp.seen(), 'active, suspended-ahead, suspended-over, suspended-until-now',
  'a visitor sees active businesses: before a suspension begins and once it is over'
);
select is_empty(
  $$
    select 1 from directory.businesses
    where slug in ('zqi-draft', 'zqi-suspended', 'zqi-deleted', 'zqi-suspended-since')
  $$,
  'no condition on the slug shows a visitor a hidden business'
);
select is(
  (
    select string_agg(substr(slug, 5), ', ' order by slug) from directory.listings
    where slug like 'zqi-%'
  ),
  pg_temp.seen(),
  'a visitor finds exactly the businesses in listings that the table shows'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'active, suspended-ahead, suspended-over, suspended-until-now',
  'a stranger who is signed in sees what a visitor sees'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(
  (select count(*) from directory.businesses where slug like 'zqi-%'), 10::bigint,
  'an owner sees all of the own businesses'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'active, draft, suspended-ahead, suspended-over, suspended-until-now',
  'a manager sees the draft in care, and no other hidden business'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'active, draft, suspended-ahead, suspended-over, suspended-until-now',
  'an editor sees the draft in care, and no other hidden business'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000005"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'active, suspended-ahead, suspended-over, suspended-until-now',
  'an invitation that is not accepted shows nothing'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000006"}';
set local role authenticated;
select is(
  (select count(*) from directory.businesses where slug like 'zqi-%'), 10::bigint,
  'a moderator sees every business'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000007"}';
set local role authenticated;
select is(
  (select count(*) from directory.businesses where slug like 'zqi-%'), 10::bigint,
  'an administrator sees every business'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000008"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'active, suspended-ahead, suspended-over, suspended-until-now',
  'an administrator whose role has expired sees what a visitor sees'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000009"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'active, suspended-ahead, suspended-over, suspended-until-now',
  'an analyst sees what a visitor sees'
);
reset role;

-- a token can say what it likes
set local request.jwt.claims =
  '{"sub": "a7e57000-0000-4000-8000-000000000002", "user_roles": ["super_admin"], "role": "admin"}';
set local role authenticated;
select is(
  pg_temp.seen(), 'active, suspended-ahead, suspended-over, suspended-until-now',
  'roles that a token claims show nothing'
);
reset role;

set local role service_role;
select is(
  (select count(*) from directory.businesses where slug like 'zqi-%'), 10::bigint,
  'the service key sees every business'
);
reset role;

-- paying opens features, never rows
update directory.businesses set subscription_tier = 'elite',
  featured_until = now() + interval '1 day'
where slug in ('zqi-draft', 'zqi-suspended');
set local request.jwt.claims = '{}';
set local role anon;
select is(
  pg_temp.seen(), 'active, suspended-ahead, suspended-over, suspended-until-now',
  'a tier or a feature does not make a hidden business visible'
);
reset role;
update directory.businesses set subscription_tier = 'free', custom_attributes = '{}'
where slug like 'zqi-%';
set local role anon;
select is(
  pg_temp.seen(), 'active, suspended-ahead, suspended-over, suspended-until-now',
  'a free business with empty attributes does not become visible either'
);
reset role;

select * from finish();
rollback;
