-- A business serves the areas that it has drawn or, where it has drawn none, its radius.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(33);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'),
  ('a7e57000-0000-4000-8000-000000000002');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zia-one', 'Ziacategory');
insert into directory.businesses (
  id, name, city, state, primary_category_id, owner_id, status, longitude, latitude,
  service_area_radius_miles
) values
  -- a drawn area, far from where it stands, and a radius that must not count beside it
  ('b7e57000-0000-4000-8000-000000000001', 'Zia Drawn', 'Ziacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'active', -20, -30, 10),
  ('b7e57000-0000-4000-8000-000000000002', 'Zia Radius', 'Ziacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'active', -20, -30, 10),
  ('b7e57000-0000-4000-8000-000000000003', 'Zia Neither', 'Ziacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'active', -20, -30, null),
  ('b7e57000-0000-4000-8000-000000000004', 'Zia Nowhere', 'Ziacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', null, 'active', null, null, 10),
  ('b7e57000-0000-4000-8000-000000000005', 'Zia Draft', 'Ziacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'draft', -20,
    -30, 10),
  ('b7e57000-0000-4000-8000-000000000006', 'Zia Suspended', 'Ziacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'suspended',
      -20,
    -30, 10);
insert into directory.service_areas (business_id, area, area_name) values
  ('b7e57000-0000-4000-8000-000000000001',
    'MULTIPOLYGON(((0 0, 0 2, 2 2, 2 0, 0 0), (0.5 0.5, 1 0.5, 1 1, 0.5 1, 0.5 0.5)))',
      'with a hole'),
  ('b7e57000-0000-4000-8000-000000000001',
    'MULTIPOLYGON(((10 10, 10 11, 11 11, 11 10, 10 10)), ((20 20, 20 21, 21 21, 21 20, 20 20)))',
    'two parts');

create function pg_temp.serves(business text, longitude float8, latitude float8)
returns boolean
language sql
as $$
  select directory.in_service_area(
    business_uuid => ('b7e57000-0000-4000-8000-00000000000' || business)::uuid,
    longitude => serves.longitude, latitude => serves.latitude
  );
$$;
grant execute on function pg_temp.serves(text, float8, float8) to anon, authenticated, service_role;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.serves('1', place.longitude, place.latitude), place.served, place.rule)
from (
  values
    (1.5, 1.5, true, 'inside the drawn area is served'),
    (0, 1, true, 'the edge of the area is served'),
    (0.75, 0.75, false, 'the hole in the area is not'),
    (2.1, 1, false, 'outside the area is not'),
    (10.5, 10.5, true, 'the first part of another area is served'),
    (20.5, 20.5, true, 'the second part of it is served'),
    (15, 15, false, 'between the parts is not'),
    (-20, -30, false, 'where an area is drawn the radius does not count')
) as place (longitude, latitude, served, rule);
select is(pg_temp.serves('2', place.longitude, place.latitude), place.served, place.rule)
from (
  values
    (-20, -30, true, 'without an area the place of the business is served'),
    -- 10 miles are 16,093 metres; a thousandth of a degree of latitude here is 111 metres
    (-20, -30.145, true, 'just inside the radius is served'),
    (-20, -30.146, false, 'just outside the radius is not'),
    (0, 0, false, 'far away is not')
) as place (longitude, latitude, served, rule);
select is(pg_temp.serves('3', -20, -30), false,
  'a business with neither area nor radius serves nowhere, not even its own place');
select is(pg_temp.serves('4', -20, -30), false, 'a radius without a place serves nowhere');
select is(
  directory.in_service_area(
    'b7e57000-0000-4000-8000-000000000002', 'SRID=4326;POINT(-20 -30)'
  ),
  true,
  'a geography, for callers in SQL, is a place too'
);

select throws_ok($$ select pg_temp.serves('5', -20, -30) $$, 'PT404',
  'Business b7e57000-0000-4000-8000-000000000005 not found.',
  'a draft is not found');
select throws_ok($$ select pg_temp.serves('6', -20, -30) $$, 'PT404',
  'Business b7e57000-0000-4000-8000-000000000006 not found.',
  'a suspended business is not found');
select throws_ok($$ select pg_temp.serves('9', -20, -30) $$, 'PT404',
  'Business b7e57000-0000-4000-8000-000000000009 not found.',
  'a business that does not exist is not found, with the same words');
select throws_ok($$ select directory.in_service_area(null, longitude => 1, latitude => 1) $$,
  'PT404', 'Business null not found.', 'no business is not found');

select throws_ok(
  format(
    'select directory.in_service_area(''b7e57000-0000-4000-8000-000000000002'', %s)', wrong.place
  ),
  wrong.code, null, wrong.rule
)
from (
  values
    ('longitude => null', 'PL101', 'no place is refused'),
    ('longitude => 1', 'PL102', 'a longitude alone is refused'),
    ('latitude => 1', 'PL102', 'a latitude alone is refused'),
    ('user_location => ''SRID=4326;LINESTRING(0 0, 1 1)''', 'PL103', 'a line is no place'),
    ('longitude => 0, latitude => 91', 'PL104', 'latitude 91 is refused'),
    ('longitude => -181, latitude => 0', 'PL104', 'longitude -181 is refused'),
    ('longitude => ''NaN'', latitude => 0', 'PL104', 'a longitude that is no number is refused'),
    ('longitude => 0, latitude => ''Infinity''', 'PL104', 'an infinite latitude is refused')
) as wrong (place, code, rule);
select throws_ok(
  $$
    select directory.in_service_area('b7e57000-0000-4000-8000-000000000005', longitude => 0,
      latitude => 91)
  $$,
  'PL104', null,
  'a wrong place is refused before the business is looked for'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(pg_temp.serves('5', -20, -30), true, 'an owner may try the own draft');
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select throws_ok($$ select pg_temp.serves('5', -20, -30) $$, 'PT404', null,
  'a stranger who is signed in may not');
reset role;

update directory.businesses set status = 'active'
where id = 'b7e57000-0000-4000-8000-000000000005';
delete from directory.service_areas
where business_id = 'b7e57000-0000-4000-8000-000000000001';
set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.serves('5', -20, -30), true, 'a business that is published is found');
select is(pg_temp.serves('1', -20, -30), true, 'when the last area goes the radius counts');
select is(pg_temp.serves('1', 1.5, 1.5), false, 'and the area no more');
reset role;

select * from finish();
rollback;
