-- No search finds a business that the public may not see, whoever searches and whatever they know.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(15);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002');
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000002', 'admin');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zbf-one', 'Zbfcategory');
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, owner_id, status, suspended_at, suspended_until,
  longitude, latitude
)
select
  fixture.id::uuid, 'zbf-' || fixture.slug, 'Moxtilarn ' || fixture.slug, 'Zbfcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', fixture.status,
  now() + fixture.suspended_in, now() + fixture.ends_in, -20, -40
from (
  values
    ('b7e57000-0000-4000-8000-000000000001', 'active', 'active', null::interval, null::interval),
    ('b7e57000-0000-4000-8000-000000000002', 'draft', 'draft', null, null),
    ('b7e57000-0000-4000-8000-000000000003', 'suspended', 'suspended', null, null),
    ('b7e57000-0000-4000-8000-000000000004', 'deleted', 'deleted', null, null),
    ('b7e57000-0000-4000-8000-000000000005', 'since', 'active', '-1 day', null),
    ('b7e57000-0000-4000-8000-000000000006', 'ahead', 'active', '1 day', null),
    ('b7e57000-0000-4000-8000-000000000007', 'over', 'active', '-2 days', '-1 day'),
    ('b7e57000-0000-4000-8000-000000000008', 'expired', 'active', '1 day', null)
) as fixture (id, slug, status, suspended_in, ends_in);
-- the hour has come and the job has not
update directory.listings set visible_until = now() where slug = 'zbf-expired';

create function pg_temp.searched()
returns text
language sql
as $$
  select string_agg(substr(slug, 5), ', ' order by slug)
  from directory.search_businesses(search_query => 'moxtilarn');
$$;
create function pg_temp.nearby()
returns text
language sql
as $$
  select string_agg(substr(slug, 5), ', ' order by slug)
  from directory.find_nearby_businesses(longitude => -20, latitude => -40);
$$;
create function pg_temp.browsed()
returns text
language sql
as $$
  select string_agg(substr(item ->> 'slug', 5), ', ' order by item ->> 'slug')
  from directory.api_get_businesses(filters => '{"city": "Zbfcity"}') as page
  cross join jsonb_array_elements(page.businesses) as item;
$$;
grant execute on function pg_temp.searched(), pg_temp.nearby(), pg_temp.browsed()
  to anon, authenticated, service_role;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.searched(), 'active, ahead, over', 'a visitor finds visible businesses alone');
select is(pg_temp.nearby(), 'active, ahead, over',
  'a visitor finds visible businesses alone nearby');
select is(pg_temp.browsed(), 'active, ahead, over',
  'a visitor browses visible businesses alone');
select is(
  (select total_count from directory.api_get_businesses(filters => '{"city": "Zbfcity"}')),
  3::bigint,
  'hidden businesses are not in the total either'
);
select is_empty(
  $$ select 1 from directory.search_businesses(search_query => 'moxtilarn draft')
    where slug = 'zbf-draft' $$,
  'the whole name of a draft does not find it'
);
select is_empty(
  $$
    select 1 from directory_internal.documents
    where business_id in (
      'b7e57000-0000-4000-8000-000000000002', 'b7e57000-0000-4000-8000-000000000003',
      'b7e57000-0000-4000-8000-000000000004', 'b7e57000-0000-4000-8000-000000000005'
    )
  $$,
  'the words of hidden businesses are in no document'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(pg_temp.searched(), 'active, ahead, over',
  'the search of an owner is that of the public');
select is(pg_temp.nearby(), 'active, ahead, over',
  'the neighbourhood of an owner is that of the public');
select is(pg_temp.browsed(), 'active, ahead, over', 'the list of an owner is that of the public');
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is(pg_temp.searched(), 'active, ahead, over',
  'the search of an administrator is that of the public');
reset role;

set local role service_role;
select is(pg_temp.searched(), 'active, ahead, over', 'the search of the service key is too');
reset role;

-- it follows at once
update directory.businesses set status = 'active' where slug = 'zbf-draft';
update directory.businesses set status = 'suspended' where slug = 'zbf-active';
update directory.businesses set status = 'deleted' where slug = 'zbf-over';
set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.searched(), 'ahead, draft',
  'a search follows publication, suspension and deletion');
select is(pg_temp.nearby(), 'ahead, draft', 'so does the neighbourhood');
select is(pg_temp.browsed(), 'ahead, draft', 'so does the list');
select is_empty(
  $$ select 1 from directory.businesses where slug in ('zbf-active', 'zbf-over', 'zbf-since') $$,
  'what no search finds the table does not show either'
);
reset role;

select * from finish();
rollback;
