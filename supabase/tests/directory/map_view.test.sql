-- A view of the map shows single businesses while they are few and clusters when they are not, at
-- any zoom and across the 180th meridian, and refuses what is no box.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(41);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zmv-one', 'Zmv One');
-- two towns in the South Atlantic, 10 degrees apart, of 40 and 20 businesses; five on either side
-- of the 180th meridian in the far south
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, longitude, latitude
)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Zmv ' || n, 'Zmvcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'active',
  case
    when n <= 40 then -30 + n * 0.001
    when n <= 60 then -20 + n * 0.001
    when n <= 65 then 179.9
    else -179.9
  end,
  case when n <= 60 then -40 else -75 end
from generate_series(1, 70) as n;

create function pg_temp.view(
  bbox double precision[],
  zoom double precision default 4,
  limit_count int default 200
)
returns text
language sql
as $$
  select format('%s in %s', coalesce(sum(business_count), 0), count(*))
  from directory.businesses_in_view(bbox, zoom, limit_count);
$$;
create function pg_temp.refusal(arguments text)
returns text
language plpgsql
as $$
begin
  execute format('select * from directory.businesses_in_view(%s)', arguments);
  return 'answered';
exception
  when others then
    return sqlstate;
end;
$$;
grant execute on function
  pg_temp.view(double precision[], double precision, int), pg_temp.refusal(text) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.view('{-35, -45, -15, -35}'), '60 in 60', 'few enough are shown one by one');
select is(pg_temp.view('{-35, -45, -15, -35}', limit_count => 60), '60 in 60',
  'as many as asked for are few enough');
select is(pg_temp.view('{-35, -45, -15, -35}', limit_count => 59), '60 in 2',
  'one more, and they are two clusters');
select is(pg_temp.view('{-30.0005, -40.1, -29.9895, -39.9}'), '10 in 10',
  'single ones are exactly those in the box');
select is(pg_temp.view('{-35, -45, -15, -35}', 0, 1), '60 in 1',
  'a limit of one is one cluster of all in view');
select is(pg_temp.view('{-50, -45, -49, -35}'), '0 in 0', 'an empty sea is an empty list');
select is(
  (
    select string_agg(business_count::text, ', ' order by place)
    from directory.businesses_in_view('{-35, -45, -15, -35}', 4, 10) with ordinality as found (
      business_count, longitude_degrees, latitude_degrees, bounds, id, name, slug, category_id,
      category_name, avg_rating, review_count, place
    )
  ),
  '40, 20',
  'the largest cluster comes first'
);
select is(
  (
    select (round(longitude_degrees::numeric, 4), round(latitude_degrees::numeric, 4))::text
    from directory.businesses_in_view('{-35, -45, -15, -35}', 4, 10) limit 1
  ),
  '(-29.9795,-40.0000)',
  'the centre is that of its businesses'
);
select ok(
  bool_and(
    longitude_degrees between bounds[1] and bounds[3]
    and latitude_degrees between bounds[2] and bounds[4]
  ),
  'the centre lies in the bounds'
)
from directory.businesses_in_view('{-35, -45, -15, -35}', 4, 10);
select ok(
  bool_and(listings.name like 'Zmv %' and listings.longitude between bounds[1] and bounds[3]),
  'the sample is one of the cluster'
)
from directory.businesses_in_view('{-35, -45, -15, -35}', 4, 10) as found
left join directory.listings on listings.business_id = found.id;
select is(
  (
    select sum(inner_view.business_count)
    from directory.businesses_in_view('{-35, -45, -15, -35}', 4, 10) as found
    cross join lateral directory.businesses_in_view(found.bounds, 20, 500) as inner_view
  ),
  60::bigint,
  'the bounds hold what was counted'
);
select is(pg_temp.view('{-30.1, -40.1, -29.9, -39.9}', zoom, 10), expected, rule)
from (
  values
    (3.0, '40 in 1', 'from afar a town is one cluster'),
    (9, '40 in 1', 'nearer it still is'),
    (10, '40 in 2', 'then it falls apart'),
    (11.9, '40 in 2', 'a zoom between two levels is the lower one'),
    (13, '40 in 4', 'and again'),
    (14, '40 in 8', 'down to as many cells as a screen holds'),
    (24, '40 in 8', 'a wide view that claims to be nearer gets no more')
) as tried (zoom, expected, rule);
select is(pg_temp.view('{-30, -40.001, -29.96, -39.999}', 18, 39), '40 in 29',
  'a narrow view gets the finest cells');
select is(pg_temp.view('{-30, -40.001, -29.96, -39.999}', 18, 28), '40 in 15',
  'where these are too many they are the largest that are not');
select is(pg_temp.view('{179.9, -75, 179.9, -75}', 24, 4), '5 in 1',
  'a box without extent, where five stand at one place, is one cluster');

select is(pg_temp.view(bbox::double precision[]), expected, rule)
from (
  values
    ('{175, -80, -175, -70}', '10 in 10', 'west greater than east lies across the meridian'),
    ('{175, -80, 185, -70}', '10 in 10', 'so does east beyond 180'),
    ('{-185, -80, -175, -70}', '10 in 10', 'and west beyond -180'),
    ('{535, -80, -535, -70}', '10 in 10', 'and a map that was turned around'),
    ('{175, -80, 180, -70}', '5 in 5', 'up to the meridian is one side'),
    ('{-180, -80, -175, -70}', '5 in 5', 'from the meridian on is the other'),
    ('{-180, -80, 180, -70}', '10 in 10', 'the whole way round counts each once'),
    ('{-179.95, -80, -179.96, -70}', '10 in 10', 'so does almost the whole way'),
    ('{-540, -80, 540, -70}', '10 in 10', 'and three times round')
) as tried (bbox, expected, rule);
select is(pg_temp.view('{-179.95, -80, -179.85, -70}', 3, 4), '5 in 1',
  'clusters know the meridian, too');
select is(pg_temp.view('{-179.85, -80, -179.95, -70}', 3, 4), '10 in 2',
  'a view whose ends share a column counts it once');

select is(pg_temp.refusal(arguments), code, rule)
from (
  values
    ('''{0, 0, 1}'', 3', 'PL197', 'three numbers are no box'),
    ('''{0, 0, 1, null}'', 3', 'PL197', 'nor are three and a null'),
    ('null, 3', 'PL197', 'nor is nothing'),
    ('''{{0, 0}, {1, 1}}'', 3', 'PL197', 'nor are two pairs'),
    ('''{0, 1, 1, 0}'', 3', 'PL197', 'south above north is refused'),
    ('''{0, -91, 1, 0}'', 3', 'PL104', '91 degrees south are refused'),
    ('''{0, 0, NaN, 1}'', 3', 'PL104', 'what is no number is refused'),
    ('''{0, 0, 1, 1}'', 25', 'PL104', 'a zoom of 25 is refused'),
    ('''{0, 0, 1, 1}'', 3, 501', 'PL104', 'more rows than allowed are refused')
) as tried (arguments, code, rule);
reset role;

select * from finish();
rollback;
