-- Each sort key sorts by its value, both ways, with what is missing last and equals by id.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(18);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 3) as n;
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgs-one', 'Zgscategory');
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, status, published_at, verification_status
) values
  ('b7e57000-0000-4000-8000-000000000001', 'zgs-1', 'zgs banana', 'Zgscity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '2024-01-03', 'pending'),
  ('b7e57000-0000-4000-8000-000000000002', 'zgs-2', 'Zgs Apple', 'Zgscity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '2024-01-01', 'pending'),
  ('b7e57000-0000-4000-8000-000000000003', 'zgs-3', 'Zgs Cherry', 'Zgscity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '2024-01-02', 'pending'),
  ('b7e57000-0000-4000-8000-000000000004', 'zgs-4', 'Zgs Apple', 'Zgscity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '2024-01-03', 'verified');
insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
select
  ('b7e57000-0000-4000-8000-00000000000' || business)::uuid,
  ('a7e57000-0000-4000-8000-00000000000' || reviewer)::uuid, rating, 'Zgs', 'published'
from (values (1, 1, 2), (1, 2, 2), (1, 3, 2), (2, 1, 5), (4, 1, 4), (4, 2, 4))
  as review (business, reviewer, rating);

create function pg_temp.sorted(key text, direction text)
returns text
language sql
as $$
  select string_agg(right(item.value ->> 'slug', 1), ' ' order by item.ordinality)
  from directory.api_get_businesses(
    sort_by => key, sort_order => direction, filters => '{"city": "Zgscity"}'
  ) as page
  cross join jsonb_array_elements(page.businesses) with ordinality as item;
$$;
grant execute on function pg_temp.sorted(text, text) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.sorted('name', 'asc'), '2 4 1 3',
  'names sort without regard to capitals, equals by id');
select is(pg_temp.sorted('name', 'desc'), '3 1 4 2', 'names sort the other way');
select is(pg_temp.sorted('average_rating', 'asc'), '1 4 2 3',
  'mean ratings sort upwards, businesses without one last');
select is(pg_temp.sorted('average_rating', 'desc'), '2 4 1 3',
  'mean ratings sort downwards, businesses without one last');
select is(pg_temp.sorted('review_count', 'asc'), '3 2 4 1', 'numbers of reviews sort upwards');
select is(pg_temp.sorted('review_count', 'desc'), '1 4 2 3', 'numbers of reviews sort downwards');
select is(pg_temp.sorted('newest', 'desc'), '4 1 3 2', 'the newest come first, equals by id');
select is(pg_temp.sorted('newest', 'asc'), '2 3 1 4', 'the oldest come first');
select is(
  pg_temp.sorted('rating', 'desc'),
  (
    select string_agg(right(slug, 1), ' ' order by quality_score desc, business_id desc)
    from directory.listings where city = 'Zgscity'
  ),
  'rating sorts by the quality score, the best first'
);
select is(
  pg_temp.sorted('rating', 'asc'),
  (
    select string_agg(right(slug, 1), ' ' order by quality_score, business_id)
    from directory.listings where city = 'Zgscity'
  ),
  'rating sorts the other way'
);
select is(pg_temp.sorted('name', 'DESC'), '3 1 4 2', 'the order may be in capitals');
select is(
  (
    select string_agg(right(item.value ->> 'slug', 1), ' ' order by item.ordinality)
    from directory.api_get_businesses(filters => '{"city": "Zgscity"}') as page
    cross join jsonb_array_elements(page.businesses) with ordinality as item
  ),
  '2 4 1 3',
  'without a sort key businesses come by name'
);
reset role;

-- numbers sort as numbers
update directory.listings set review_count = 9, quality_score = 4.10 where slug = 'zgs-1';
update directory.listings set review_count = 10, quality_score = 4.09 where slug = 'zgs-2';
update directory.listings set review_count = 100, quality_score = 0.50 where slug = 'zgs-3';
update directory.listings set review_count = 11, quality_score = 5.00 where slug = 'zgs-4';
set local role anon;
select is(pg_temp.sorted('review_count', 'desc'), '3 4 2 1', '100 comes before 11, 10 and 9');
select is(pg_temp.sorted('rating', 'asc'), '3 2 1 4', '0.50 comes before 4.09 and 5.00');

-- every sort walks pages without a gap
select is(
  (
    select count(distinct item ->> 'slug')
    from generate_series(1, 4) as number
    cross join lateral directory.api_get_businesses(
      page_number => number, page_size => 1, sort_by => key, sort_order => 'desc',
      filters => '{"city": "Zgscity"}'
    ) as page
    cross join jsonb_array_elements(page.businesses) as item
  ),
  4::bigint,
  format('pages sorted by %s hold each business once', key)
)
from unnest(array['newest', 'average_rating', 'review_count', 'rating']) as key;
reset role;

select * from finish();
rollback;
