-- Filters narrow the list: a category with all below it, a city, a state, a least rating.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(31);

insert into directory.categories (id, parent_id, slug, name, active) values
  ('c7e57000-0000-4000-8000-00000000000a', null, 'zgf-top', 'Zgf Top', true),
  ('c7e57000-0000-4000-8000-00000000000b', 'c7e57000-0000-4000-8000-00000000000a', 'zgf-leaf',
    'Zgf Leaf', true),
  ('c7e57000-0000-4000-8000-00000000000c', null, 'zgf-hidden', 'Zgf Hidden', false),
  ('c7e57000-0000-4000-8000-00000000000d', null, 'zgf-empty', 'Zgf Empty', true),
  ('c7e57000-0000-4000-8000-00000000000e', null, 'zgf-other', 'Zgf Other', true),
  ('c7e57000-0000-4000-8000-00000000000f', null, 'zgf-further', 'Zgf Further', true);
insert into auth.users (id) values ('a7e57000-0000-4000-8000-000000000001');
insert into directory.businesses (slug, name, city, state, primary_category_id, status) values
  ('zgf-1', 'Zgf 1', 'Zgf Springs', 'Zgfstate', 'c7e57000-0000-4000-8000-00000000000a', 'active'),
  ('zgf-2', 'Zgf 2', 'Zgf Springs', 'Zgfother', 'c7e57000-0000-4000-8000-00000000000b', 'active'),
  ('zgf-3', 'Zgf 3', 'Zgf Münster', 'Zgfstate', 'c7e57000-0000-4000-8000-00000000000b', 'active'),
  ('zgf-4', 'Zgf 4', 'Zgf Springs', 'Zgfstate', 'c7e57000-0000-4000-8000-00000000000e', 'active'),
  ('zgf-5', 'Zgf 5', 'Zgf Springs', 'Zgfstate', 'c7e57000-0000-4000-8000-00000000000b', 'draft');
insert into directory.business_categories (business_id, category_id)
select businesses.id, 'c7e57000-0000-4000-8000-00000000000f' from directory.businesses
where slug in ('zgf-1', 'zgf-5');
insert into directory.business_reviews (business_id, reviewer_id, rating, content, status)
select businesses.id, 'a7e57000-0000-4000-8000-000000000001', stars, 'Zgf', 'published'
from (values ('zgf-1', 5), ('zgf-2', 4), ('zgf-3', 2)) as review (slug, stars)
join directory.businesses on businesses.slug = review.slug;

create function pg_temp.listed(filters jsonb)
returns text
language sql
as $$
  select format(
    '%s of %s',
    coalesce(string_agg(right(item ->> 'slug', 1), ' ' order by item ->> 'slug'), 'none'),
    min(page.total_count)
  )
  from directory.api_get_businesses(filters => listed.filters, page_size => 100) as page
  left join lateral jsonb_array_elements(page.businesses) as item on true;
$$;
create function pg_temp.refusal(filters jsonb)
returns text
language plpgsql
as $$
begin
  perform pg_temp.listed(filters);
  return 'answered';
exception
  when others then
    return sqlstate || ' ' || sqlerrm;
end;
$$;
grant execute on function pg_temp.listed(jsonb), pg_temp.refusal(jsonb) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.listed('{"category": "zgf-top"}'), '1 2 3 of 3',
  'a category by its slug includes all below it');
select is(pg_temp.listed('{"category": "zgf-leaf"}'), '2 3 of 2',
  'a category below includes its own');
select is(pg_temp.listed('{"category": "c7e57000-0000-4000-8000-00000000000a"}'), '1 2 3 of 3',
  'a category may be named by its id');
select is(pg_temp.listed('{"category": "C7E57000-0000-4000-8000-00000000000B"}'), '2 3 of 2',
  'an id may be in capitals');
select is(pg_temp.listed('{"category": "zgf-empty"}'), 'none of 0',
  'a category without businesses is an empty list');
select is(pg_temp.listed('{"category": "zgf-further"}'), '1 of 1',
  'a business is in its further categories too');
select is(pg_temp.listed('{"city": "zgf SPRINGS"}'), '1 2 4 of 3',
  'a city is compared without regard to capitals');
select is(pg_temp.listed('{"city": "ZGF MÜNSTER"}'), '3 of 1', 'also with an umlaut');
select is(pg_temp.listed('{"city": "Zgf Springs", "state": "ZGFSTATE"}'), '1 4 of 2',
  'city and state hold together');
select is(
  pg_temp.listed('{"city": "Zgf Springs", "state": "Zgfstate", "category": "zgf-top"}'), '1 of 1',
  'all three hold together'
);
select is(pg_temp.listed('{"state": "Zgfstate", "city": null}'), '1 3 4 of 3',
  'a filter that is null does not filter');
select is(pg_temp.listed('{"state": "Zgfnowhere"}'), 'none of 0',
  'a state that is nowhere is an empty list');
select is(pg_temp.listed('{"minimum_rating": 4, "category": "zgf-top"}'), '1 2 of 2',
  'a least rating leaves out what is rated lower');
select is(pg_temp.listed('{"minimum_rating": 1, "city": "Zgf Springs"}'), '1 2 of 2',
  'a least rating leaves out what is not rated');
select is(pg_temp.listed('{"minimum_rating": 4.01, "category": "zgf-top"}'), '1 of 1',
  'a least rating may have a fraction');
select is(pg_temp.listed('{"minimum_rating": null, "city": "Zgf Springs"}'), '1 2 4 of 3',
  'a least rating that is null does not filter');
select is(pg_temp.listed('{"city": "Zgf"}'), 'none of 0',
  'the beginning of a city is another city');

select is(pg_temp.refusal(filters), refusal, rule)
from (
  values
    ('{"category": "zgf-nowhere"}'::jsonb, 'PL123 There is no category zgf-nowhere.',
      'an unknown slug is refused'),
    ('{"category": "c7e57000-0000-4000-8000-0000000000ff"}',
      'PL123 There is no category c7e57000-0000-4000-8000-0000000000ff.',
      'an unknown id is refused'),
    ('{"category": "zgf-hidden"}', 'PL123 There is no category zgf-hidden.',
      'a hidden category is unknown'),
    ('{"category": ""}', 'PL123 There is no category .', 'an empty category is refused'),
    ('{"colour": "red"}', 'PL133 There is no filter colour.', 'an unknown filter is refused'),
    ('{"city": 7}', 'PL133 There is no filter city.', 'a city that is a number is refused'),
    ('{"minimum_rating": "4"}', 'PL133 There is no filter minimum_rating.',
      'a least rating that is a text is refused'),
    ('{"minimum_rating": 6}', 'PL104 minimum_rating 6 is out of range: it goes from 1 to 5.',
      'a least rating over 5 is refused'),
    ('{"minimum_rating": 0.5}', 'PL104 minimum_rating 0.5 is out of range: it goes from 1 to 5.',
      'a least rating under 1 is refused'),
    ('{"minimum_rating": -1e9}',
      'PL104 minimum_rating -1000000000 is out of range: it goes from 1 to 5.',
      'a negative least rating is refused'),
    ('{"category": ["zgf-top"]}', 'PL133 There is no filter category.',
      'a list of categories is refused'),
    ('[]', 'PL133 There is no filter [].', 'filters that are a list are refused'),
    ('"city"', 'PL133 There is no filter "city".', 'filters that are a text are refused'),
    (null, 'PL133 There is no filter null.', 'no filters at all are refused')
) as tried (filters, refusal, rule);
reset role;

select * from finish();
rollback;
