-- Input out of range is refused with its code, its message and what to do about it; nothing is
-- guessed.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(43);

-- code, message and hint of what the statement raises
create function pg_temp.refusal(statement text)
returns text
language plpgsql
as $$
declare
  code text;
  message text;
  hint text;
begin
  execute statement;
  return 'answered';
exception
  when others then
    get stacked diagnostics
      code = returned_sqlstate, message = message_text, hint = pg_exception_hint;
    return concat_ws(' | ', code, message, nullif(hint, ''));
end;
$$;
grant execute on function pg_temp.refusal(text) to anon;

set local request.jwt.claims = '{}';
set local role anon;

select is(
  pg_temp.refusal('select * from directory.search_businesses(search_query => '''')'),
  'PL121 | The query holds no word. | Send at least one letter or digit; to browse, call '
  'api_get_businesses.',
  'an empty query is told what to send'
);
select is(
  pg_temp.refusal(
    'select * from directory.search_businesses(search_query => repeat(''a'', 10000))'
  ),
  'PL122 | The query has 10000 characters; it may have 200. | Send the words that matter.',
  'a query of 10,000 characters is told how many it may have'
);
select is(
  pg_temp.refusal(
    'select * from directory.search_businesses(search_query => repeat(''a'', 201))'
  ),
  'PL122 | The query has 201 characters; it may have 200. | Send the words that matter.',
  'so is one of 201'
);
select is(
  pg_temp.refusal(
    'select * from directory.search_businesses(search_query => repeat(''é'', 200))'
  ),
  'answered',
  'a query of 200 characters is answered, whatever its bytes'
);
select is(
  pg_temp.refusal(
    'select * from directory.search_businesses(search_query => ''a'',
      category_filter => ''c7e57000-0000-4000-8000-0000000000ff'')'
  ),
  'PL123 | There is no category c7e57000-0000-4000-8000-0000000000ff. | Read category_tree for the '
  'categories.',
  'an unknown category is told where the categories are'
);
select is(
  pg_temp.refusal(
    'select * from directory.search_businesses(search_query => ''a'', category_filter => ''abc'')'
  ),
  '22P02 | invalid input syntax for type uuid: "abc"',
  'a malformed uuid is refused as such'
);
select is(
  pg_temp.refusal(
    'select * from directory.search_businesses(search_query => ''a'', longitude => 0, '
    'latitude => 91)'
  ),
  'PL104 | latitude 91 is out of range: it goes from -90 to 90. | Choose a value inside the range.',
  'latitude 91 is told the range'
);

-- places: search and nearby check them alike
select is(
  left(
    pg_temp.refusal(
      format('select * from directory.search_businesses(search_query => ''a'', %s)', wrong.place)
    ),
    5
  ),
  wrong.code,
  format('search: %s', wrong.rule)
)
from (
  values
    ('longitude => 1', 'PL102', 'a longitude without a latitude is refused'),
    ('latitude => 1', 'PL102', 'a latitude without a longitude is refused'),
    ('longitude => 181, latitude => 0', 'PL104', 'longitude 181 is refused'),
    ('longitude => -180.000001, latitude => 0', 'PL104', 'a longitude just past -180 is refused'),
    ('longitude => 0, latitude => -91', 'PL104', 'latitude -91 is refused'),
    ('longitude => ''NaN'', latitude => 0', 'PL104', 'a longitude that is no number is refused'),
    ('longitude => 0, latitude => ''NaN''', 'PL104', 'a latitude that is no number is refused'),
    ('longitude => ''Infinity'', latitude => 0', 'PL104', 'an infinite longitude is refused'),
    ('longitude => 0, latitude => ''-Infinity''', 'PL104', 'an infinite latitude is refused'),
    ('location_filter => ''SRID=4326;POLYGON((0 0, 0 1, 1 1, 0 0))''', 'PL103',
      'a polygon is no place'),
    ('location_filter => ''SRID=4326;POINT EMPTY''', 'PL103', 'an empty point is no place'),
    ('location_filter => ''SRID=4326;MULTIPOINT(0 0, 1 1)''', 'PL103', 'two points are no place')
) as wrong (place, code, rule);
select is(
  left(
    pg_temp.refusal(format('select * from directory.find_nearby_businesses(%s)', wrong.place)), 5
  ),
  wrong.code,
  format('nearby: %s', wrong.rule)
)
from (
  values
    ('longitude => null', 'PL101', 'no place is refused'),
    ('longitude => 1', 'PL102', 'a longitude without a latitude is refused'),
    ('longitude => 181, latitude => 0', 'PL104', 'longitude 181 is refused'),
    ('longitude => 0, latitude => 91', 'PL104', 'latitude 91 is refused'),
    ('longitude => ''NaN'', latitude => ''NaN''', 'PL104', 'numbers that are none are refused'),
    ('longitude => 0, latitude => ''Infinity''', 'PL104', 'an infinite latitude is refused'),
    ('user_location => ''SRID=4326;LINESTRING(0 0, 1 1)''', 'PL103', 'a line is no place'),
    ('longitude => 0, latitude => 0, radius_meters => 0', 'PL104', 'a radius of 0 is refused'),
    ('longitude => 0, latitude => 0, radius_meters => -5', 'PL104', 'a negative radius is refused'),
    ('longitude => 0, latitude => 0, radius_meters => 200001', 'PL104',
      'a radius over 200 km is refused'),
    ('longitude => 0, latitude => 0, radius_meters => null', 'PL104', 'a null radius is refused'),
    ('longitude => 0, latitude => 0, limit_count => 0', 'PL104', 'a limit of 0 is refused'),
    ('longitude => 0, latitude => 0, limit_count => 101', 'PL104', 'a limit of 101 is refused'),
    ('longitude => 0, latitude => 0, limit_count => null', 'PL104', 'a null limit is refused')
) as wrong (place, code, rule);

-- numbers
select is(
  pg_temp.refusal(
    format('select * from directory.search_businesses(search_query => ''a'', %s)', wrong.number)
  ),
  wrong.message || ' | Choose a value inside the range.',
  wrong.rule
)
from (
  values
    ('radius_meters => 0', 'PL104 | radius_meters 0 is out of range: it goes from 1 to 200000.',
      'a radius of 0 is refused, with a place or without'),
    ('radius_meters => 200001',
      'PL104 | radius_meters 200001 is out of range: it goes from 1 to 200000.',
      'a radius over 200 km is refused'),
    ('radius_meters => null',
      'PL104 | radius_meters null is out of range: it goes from 1 to 200000.',
      'a null radius is refused'),
    ('result_limit => 0', 'PL104 | result_limit 0 is out of range: it goes from 1 to 100.',
      'no results are not asked for'),
    ('result_limit => -1', 'PL104 | result_limit -1 is out of range: it goes from 1 to 100.',
      'a negative number of results is refused'),
    ('result_limit => null', 'PL104 | result_limit null is out of range: it goes from 1 to 100.',
      'a null number of results is refused'),
    ('minimum_rating => 0', 'PL104 | minimum_rating 0 is out of range: it goes from 1 to 5.',
      'a least rating of 0 is refused'),
    ('minimum_rating => 5.01', 'PL104 | minimum_rating 5.01 is out of range: it goes from 1 to 5.',
      'a least rating over 5 is refused'),
    ('minimum_rating => ''NaN''',
      'PL104 | minimum_rating NaN is out of range: it goes from 1 to 5.',
      'a least rating that is no number is refused')
) as wrong (number, message, rule);
reset role;

-- the length is a setting
select ops.set_setting('directory.search_query_maximum', '20') is null as set_before;
set local role anon;
select is(
  left(
    pg_temp.refusal(
      'select * from directory.search_businesses(search_query => repeat(''a'', 21))'
    ),
    5
  ),
  'PL122',
  'the operator moves the length by a setting'
);
reset role;

select * from finish();
rollback;
