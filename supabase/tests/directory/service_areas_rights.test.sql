-- Areas are seen with their business and drawn by who looks after it; their terms make sense.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(27);

select columns_are(
  'directory', 'service_areas',
  array[
    'id', 'business_id', 'area', 'area_name', 'delivery_fee', 'minimum_order',
    'estimated_time_minutes', 'created_at', 'updated_at'
  ],
  'an area has the columns of the requirement'
);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 5) as n;
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000005', 'admin');
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zsa-one', 'Zsacategory');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zsa Shown', 'Zsacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zsa Hidden', 'Zsacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'draft'),
  ('b7e57000-0000-4000-8000-000000000003', 'Zsa Other', 'Zsacity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000004', 'active');
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', 'manager',
    now()),
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000003', 'editor', now());
insert into directory.service_areas (id, business_id, area, area_name) values
  ('d7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000001',
    'MULTIPOLYGON(((0 0, 0 1, 1 1, 1 0, 0 0)))', 'Zsa shown'),
  ('d7e57000-0000-4000-8000-000000000002', 'b7e57000-0000-4000-8000-000000000002',
    'MULTIPOLYGON(((0 0, 0 1, 1 1, 1 0, 0 0)))', 'Zsa hidden');

set local request.jwt.claims = '{}';
set local role anon;
select results_eq(
  $$ select area_name from directory.service_areas where area_name like 'Zsa %' $$,
  $$ values ('Zsa shown') $$,
  'a visitor sees the areas of visible businesses and no others'
);
select throws_ok(
  $$
    insert into directory.service_areas (business_id, area)
    values ('b7e57000-0000-4000-8000-000000000001', 'MULTIPOLYGON(((0 0, 0 1, 1 1, 0 0)))')
  $$,
  '42501', null,
  'a visitor draws no area'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select results_eq(
  $$ select area_name from directory.service_areas where area_name like 'Zsa %' $$,
  $$ values ('Zsa shown') $$,
  'the owner of another business sees the same'
);
select throws_ok(
  $$
    insert into directory.service_areas (business_id, area)
    values ('b7e57000-0000-4000-8000-000000000001', 'MULTIPOLYGON(((0 0, 0 1, 1 1, 0 0)))')
  $$,
  '42501', null,
  'the owner of another business draws no area'
);
select is_empty(
  $$
    update directory.service_areas set area_name = 'Zsa mine'
    where id = 'd7e57000-0000-4000-8000-000000000001' returning id
  $$,
  'the owner of another business changes no area'
);
select is_empty(
  $$
    delete from directory.service_areas
    where id = 'd7e57000-0000-4000-8000-000000000001' returning id
  $$,
  'the owner of another business removes no area'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(
  (select count(*) from directory.service_areas where area_name like 'Zsa %'), 2::bigint,
  'an owner sees the areas of the own draft too'
);
select isnt_empty(
  $$
    insert into directory.service_areas (
      business_id, area, area_name, delivery_fee, minimum_order, estimated_time_minutes
    )
    values ('b7e57000-0000-4000-8000-000000000002', 'MULTIPOLYGON(((5 5, 5 6, 6 6, 6 5, 5 5)))',
      'Zsa new', 2.5, 20, 45)
    returning id
  $$,
  'an owner draws an area with its terms'
);
select throws_ok(
  $$
    update directory.service_areas set business_id = 'b7e57000-0000-4000-8000-000000000003'
    where id = 'd7e57000-0000-4000-8000-000000000001'
  $$,
  '42501', null,
  'an area does not move to another business'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select isnt_empty(
  $$
    update directory.service_areas set delivery_fee = 3
    where id = 'd7e57000-0000-4000-8000-000000000001' returning id
  $$,
  'a manager changes the terms of an area'
);
select is_empty(
  $$
    update directory.service_areas set delivery_fee = 3
    where id = 'd7e57000-0000-4000-8000-000000000002' returning id
  $$,
  'a manager changes no area of another business'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select isnt_empty(
  $$
    update directory.service_areas set area_name = 'Zsa edited'
    where id = 'd7e57000-0000-4000-8000-000000000001' returning id
  $$,
  'an editor changes an area'
);
reset role;
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000005"}';
set local role authenticated;
select isnt_empty(
  $$
    delete from directory.service_areas
    where id = 'd7e57000-0000-4000-8000-000000000002' returning id
  $$,
  'an administrator removes the area of anyone'
);
reset role;
select results_eq(
  $$
    select area_name, delivery_fee from directory.service_areas where area_name like 'Zsa %'
    order by area_name
  $$,
  $$ values ('Zsa edited', 3.00), ('Zsa new', 2.50) $$,
  'what is there at the end is what was allowed'
);

create function pg_temp.refused_by(assignment text)
returns text
language plpgsql
as $$
declare
  constraint_name text;
begin
  execute format(
    'update directory.service_areas set %s where id = %L', assignment,
    'd7e57000-0000-4000-8000-000000000001'
  );
  return null;
exception
  when check_violation then
    get stacked diagnostics constraint_name = constraint_name;
    return constraint_name;
end;
$$;
select is(
  pg_temp.refused_by(tried.assignment), 'service_areas_' || tried.name || '_check', tried.rule
)
from (
  values
    ('area = ''MULTIPOLYGON EMPTY''', 'area', 'an empty area is refused'),
    ('area_name = repeat(''a'', 256)', 'area_name', 'a name of 256 characters is refused'),
    ('delivery_fee = -0.01', 'terms', 'a negative fee is refused'),
    ('minimum_order = -1', 'terms', 'a negative order is refused'),
    ('estimated_time_minutes = -1', 'terms', 'a negative time is refused'),
    ('area_name = repeat(''a'', 255)', null, 'a name of 255 characters is taken'),
    ('delivery_fee = 0', null, 'a fee of nothing is taken'),
    ('minimum_order = 0', null, 'an order of nothing is taken'),
    ('estimated_time_minutes = 0', null, 'no time at all is taken'),
    ('delivery_fee = null, minimum_order = null, estimated_time_minutes = null', null,
      'terms may be missing')
) as tried (assignment, name, rule);
select throws_ok(
  $$
    update directory.service_areas set area = null
    where id = 'd7e57000-0000-4000-8000-000000000001'
  $$,
  '23502', null,
  'an area is required'
);
select throws_ok(
  $$
    update directory.service_areas set area = 'POINT(0 0)'
    where id = 'd7e57000-0000-4000-8000-000000000001'
  $$,
  '22023', null,
  'a point is no area'
);

select * from finish();
rollback;
