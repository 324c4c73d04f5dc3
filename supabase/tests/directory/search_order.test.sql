-- The whole name comes first, then every word in the name, then every word anywhere; within each by
-- relevance, popularity and nearness.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(14);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zof-one', 'Zofcategory');
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, tags, description, longitude, latitude
) values
  ('b7e57000-0000-4000-8000-000000000001', 'Velmorsk & Quandorp', 'Zofcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}', null, -30, 10),
  ('b7e57000-0000-4000-8000-000000000002',
    'Quandorp Zofhouse of the Seven Silver Lanterns beside Old Velmorsk', 'Zofcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}', null, -30, 10),
  ('b7e57000-0000-4000-8000-000000000003', 'Zofplain', 'Zofcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}', 'Velmorsk and quandorp.', -30, 10),
  ('b7e57000-0000-4000-8000-000000000004', 'Velmorsk Zofhalf', 'Zofcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}', 'Also quandorp.', -30, 10),
  ('b7e57000-0000-4000-8000-000000000005', 'Velmorsk Zofalone', 'Zofcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}', null, -30, 10),
  ('b7e57000-0000-4000-8000-000000000006', 'Zofstuffed', 'Zofcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active',
    array_fill('velmorsk quandorp'::text, array[50]), repeat('velmorsk quandorp ', 500), -30, 10);

create function pg_temp.found(words text)
returns text
language sql
as $$
  select string_agg(right(found.id::text, 1), ' ' order by found.place)
  from (
    select search_businesses.id, row_number() over () as place
    from directory.search_businesses(search_query => words)
  ) as found;
$$;
grant execute on function pg_temp.found(text) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select matches(pg_temp.found('velmorsk quandorp'), '^1 2 ',
  'the whole name comes before a name that holds every word');
select matches(pg_temp.found('velmorsk quandorp'), '^1 2( [346]){3}$',
  'names that hold every word come before texts that hold them');
select is(pg_temp.found('Quandorp Zofhouse of the Seven Silver Lanterns beside Old Velmorsk'), '2',
  'a business is found by its whole name, stop word and all');
select matches(pg_temp.found('VELMORSK  &   quandorp'), '^1 2 ',
  'capitals, spaces and signs do not matter for the whole name');
select matches(pg_temp.found('quandorp velmorsk'), '^[12] [12] ',
  'the order of the words does not keep a name from coming first');
select unalike(coalesce(pg_temp.found('velmorsk quandorp'), ''), '%5%',
  'a business that lacks one of the words is not found');
select matches(pg_temp.found('zofcity quandorp'), '1',
  'words may stand in different parts of an entry');
reset role;

-- popularity and nearness stay within their class
update directory.listings set popularity = 1
where business_id in (
  'b7e57000-0000-4000-8000-000000000002', 'b7e57000-0000-4000-8000-000000000003',
  'b7e57000-0000-4000-8000-000000000004', 'b7e57000-0000-4000-8000-000000000006'
);
update directory.listings set popularity = 0
where business_id = 'b7e57000-0000-4000-8000-000000000001';
select matches(pg_temp.found('velmorsk quandorp'), '^1 2 ',
  'popularity does not put another before the whole name');
update directory.listings set popularity = 0
where business_id = 'b7e57000-0000-4000-8000-000000000002';
select matches(pg_temp.found('velmorsk quandorp'), '^1 2 ',
  'popularity and words repeated in tags do not put a text before a name');
update directory.businesses set longitude = -30.08
where id in ('b7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000002');
update directory.listings set popularity = 0
where business_id in (
  'b7e57000-0000-4000-8000-000000000001', 'b7e57000-0000-4000-8000-000000000002'
);
select is(
  (
    select string_agg(right(found.id::text, 1), ' ' order by found.place)
    from (
      select id, row_number() over () as place
      from directory.search_businesses(
        search_query => 'velmorsk quandorp', longitude => -30, latitude => 10
      )
      limit 2
    ) as found
  ),
  '1 2',
  'nearness, popularity and repetition together do not put a text before a name'
);

-- within a class
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, status, longitude, latitude
)
select
  ('b7e57000-0000-4000-8000-00000000001' || n)::uuid, 'zof-equal-' || n, 'Zofequal', 'Zofcity',
    'TX',
  'c7e57000-0000-4000-8000-000000000001', 'active', -30 + n * 0.01, 10
from generate_series(1, 3) as n;
select is(pg_temp.found('zofequal'), '1 2 3', 'equals come by their id, so that the order stays');
update directory.listings set popularity = 0.9
where business_id = 'b7e57000-0000-4000-8000-000000000013';
select is(pg_temp.found('zofequal'), '3 1 2', 'of equals the more popular comes first');
update directory.listings set popularity = 0.1 where name = 'Zofequal';
select is(
  (
    select string_agg(right(found.id::text, 1), ' ' order by found.place)
    from (
      select id, row_number() over () as place
      from directory.search_businesses(
        search_query => 'zofequal', longitude => -29.96, latitude => 10
      )
    ) as found
  ),
  '3 2 1',
  'of equals the nearer comes first'
);
select is(
  (
    select count(*)
    from (
      select rank, lag(rank) over () as rank_before
      from directory.search_businesses(search_query => 'velmorsk quandorp')
    ) as found
    where found.rank > found.rank_before
  ),
  0::bigint,
  'results come by falling rank'
);

select * from finish();
rollback;
