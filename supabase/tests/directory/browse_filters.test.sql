-- Filters narrow the list: a category with all below it, a city, a state.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(22);

insert into directory.categories (id, parent_id, slug, name, active) values
  ('c0000000-0000-4000-8000-00000000000a', null, 'zgf-top', 'Zgf Top', true),
  ('c0000000-0000-4000-8000-00000000000b', 'c0000000-0000-4000-8000-00000000000a', 'zgf-leaf',
    'Zgf Leaf', true),
  ('c0000000-0000-4000-8000-00000000000c', null, 'zgf-hidden', 'Zgf Hidden', false),
  ('c0000000-0000-4000-8000-00000000000d', null, 'zgf-empty', 'Zgf Empty', true),
  ('c0000000-0000-4000-8000-00000000000e', null, 'zgf-other', 'Zgf Other', true);
insert into directory.businesses (slug, name, city, state, primary_category_id, status) values
  ('zgf-1', 'Zgf 1', 'Zgf Springs', 'Zgfstate', 'c0000000-0000-4000-8000-00000000000a', 'active'),
  ('zgf-2', 'Zgf 2', 'Zgf Springs', 'Zgfother', 'c0000000-0000-4000-8000-00000000000b', 'active'),
  ('zgf-3', 'Zgf 3', 'Zgf Münster', 'Zgfstate', 'c0000000-0000-4000-8000-00000000000b', 'active'),
  ('zgf-4', 'Zgf 4', 'Zgf Springs', 'Zgfstate', 'c0000000-0000-4000-8000-00000000000e', 'active'),
  ('zgf-5', 'Zgf 5', 'Zgf Springs', 'Zgfstate', 'c0000000-0000-4000-8000-00000000000b', 'draft');

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
select is(pg_temp.listed('{"category": "zgf-leaf"}'), '2 3 of 2', 'a category below includes its own');
select is(pg_temp.listed('{"category": "c0000000-0000-4000-8000-00000000000a"}'), '1 2 3 of 3',
  'a category may be named by its id');
select is(pg_temp.listed('{"category": "C0000000-0000-4000-8000-00000000000B"}'), '2 3 of 2',
  'an id may be in capitals');
select is(pg_temp.listed('{"category": "zgf-empty"}'), 'none of 0',
  'a category without businesses is an empty list');
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
select is(pg_temp.listed('{"city": "Zgf"}'), 'none of 0', 'the beginning of a city is another city');

select is(pg_temp.refusal(filters), refusal, rule)
from (
  values
    ('{"category": "zgf-nowhere"}'::jsonb, 'PL123 There is no category zgf-nowhere.',
      'an unknown slug is refused'),
    ('{"category": "c0000000-0000-4000-8000-0000000000ff"}',
      'PL123 There is no category c0000000-0000-4000-8000-0000000000ff.',
      'an unknown id is refused'),
    ('{"category": "zgf-hidden"}', 'PL123 There is no category zgf-hidden.',
      'a hidden category is unknown'),
    ('{"category": ""}', 'PL123 There is no category .', 'an empty category is refused'),
    ('{"colour": "red"}', 'PL133 There is no filter colour.', 'an unknown filter is refused'),
    ('{"city": 7}', 'PL133 There is no filter city.', 'a city that is a number is refused'),
    ('{"category": ["zgf-top"]}', 'PL133 There is no filter category.',
      'a list of categories is refused'),
    ('[]', 'PL133 There is no filter [].', 'filters that are a list are refused'),
    ('"city"', 'PL133 There is no filter "city".', 'filters that are a text are refused'),
    (null, 'PL133 There is no filter null.', 'no filters at all are refused')
) as tried (filters, refusal, rule);
reset role;

select * from finish();
rollback;
