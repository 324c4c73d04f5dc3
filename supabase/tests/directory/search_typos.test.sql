-- A word that is nowhere is taken for the word that was most likely meant, and the answer says so.
-- A word that exists is never touched.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(36);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'ztf-one', 'Ztfcategory');
insert into directory.businesses (id, slug, name, city, state, primary_category_id, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'ztf-1', 'Brimflaxen', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'ztf-2', 'Brimflaxem', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000003', 'ztf-3', 'Vuzkq', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000004', 'ztf-4', 'Dravonelk', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000005', 'ztf-5', 'Dravonilk', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000006', 'ztf-6', 'Korvaliskum', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000007', 'ztf-7', 'Torvaloskum', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000008', 'ztf-8', 'Zq7319x', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000009', 'ztf-9', 'Quozzlewick Brimflaxen', 'Ztfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active');
update directory_internal.vocabulary set frequency = 1000 where word in ('brimflaxem', 'dravonilk');

-- the businesses found, best first
create function pg_temp.found(words text)
returns text
language sql
as $$
  select string_agg(right(found.slug, 1), ' ' order by found.place)
  from (
    select search_businesses.slug, row_number() over () as place
    from directory.search_businesses(search_query => words)
  ) as found;
$$;
-- the corrections that the answer names
create function pg_temp.taken(words text)
returns text
language sql
as $$
  select string_agg(
    concat_ws(' for ', correction.value ->> 'to', correction.value ->> 'from'), ', '
    order by correction.ordinality
  )
  from (
    select search_businesses.corrections
    from directory.search_businesses(search_query => words)
    limit 1
  ) as found
  cross join lateral jsonb_array_elements(found.corrections) with ordinality as correction;
$$;
grant execute on function pg_temp.found(text), pg_temp.taken(text) to anon;

set local request.jwt.claims = '{}';
set local role anon;

select is(pg_temp.taken(typed), 'quozzlewick for ' || read_as, rule)
from (
  values
    ('quozzlewck', 'quozzlewck', 'a letter left out is put back'),
    ('quozzzlewick', 'quozzzlewick', 'a letter too many is taken out'),
    ('quozzlewack', 'quozzlewack', 'a wrong letter is put right'),
    ('quozzlweick', 'quozzlweick', 'two letters that changed places are put back'),
    ('uqozzlewick', 'uqozzlewick', 'so are the first two'),
    ('quozzlewikc', 'quozzlewikc', 'so are the last two'),
    ('kuozzlewick', 'kuozzlewick', 'a wrong first letter is put right'),
    ('uozzlewick', 'uozzlewick', 'a first letter left out is put back'),
    ('quozzlewickk', 'quozzlewickk', 'a letter too many at the end is taken out'),
    ('quzzlewck', 'quzzlewck', 'two letters left out are put back'),
    ('quazzlewyck', 'quazzlewyck', 'two wrong letters are put right'),
    ('quozzlewickzb', 'quozzlewickzb', 'two letters too many are taken out'),
    ('quozlewyck', 'quozlewyck', 'one left out and one wrong are put right'),
    ('QUOZZLEWYCK', 'quozzlewyck', 'capitals do not matter'),
    ('quózzlewyck', 'quozzlewyck', 'accents do not count as errors')
) as typo (typed, read_as, rule);

select is(pg_temp.found('quozzlewyck'), '9',
  'what is found is found under the word that was meant');
select is(pg_temp.found('quazzlawyck'), null, 'three errors are too many');
select is(pg_temp.found('vuzkp'), '3', 'a word of five letters may have one error');
select is(pg_temp.found('vozkp'), null, 'a word of five letters may not have two');
select is(pg_temp.found('vzukq'), '3', 'two letters that changed places are one error');

select is(pg_temp.found('brimflaxen'), '1 9', 'a word that exists is searched as it stands');
select is(pg_temp.taken('brimflaxen'), null,
  'a word that exists is not corrected, however common its neighbour is');
select is(pg_temp.taken('dravonylk'), 'dravonilk for dravonylk',
  'of two words at one distance the more frequent is taken');
select is(pg_temp.taken('dravonelkk'), 'dravonelk for dravonelkk',
  'a frequency of 1,000 does not outweigh an error more');
select is(pg_temp.taken('torvaliskum'), 'torvaloskum for torvaliskum',
  'of two words at one distance that with the same first letter is taken');
select is(pg_temp.found('zq7319y'), null, 'a word with digits is a code, and not corrected');
select is(pg_temp.found('zq7319x'), '8', 'a word with digits is found as it stands');

select is(pg_temp.taken('quozzlewyck brimflaxxen'),
  'quozzlewick for quozzlewyck, brimflaxen for brimflaxxen',
  'each wrong word of a query is corrected');
select is(pg_temp.found('quozzlewyck brimflaxxen'), '9', 'together they find what holds both');
select is(pg_temp.taken('quozzlewyck brimflaxen'), 'quozzlewick for quozzlewyck',
  'words that exist stand beside one that is corrected');
select is(
  (
    select search_businesses.name
    from directory.search_businesses(search_query => 'quozzlewyck brimflaxen')
    limit 1
  ),
  'Quozzlewick Brimflaxen',
  'a corrected whole name still comes first'
);
reset role;

-- the distance itself
select is(directory_internal.typing_distance(typed, meant), distance, rule)
from (
  values
    ('abcdef', 'abdcef', 1, 'a swap of neighbours is one edit'),
    ('abcdef', 'abxydf', 3, 'two wrong letters and one left out are three edits'),
    ('abcdef', 'abcdef', 0, 'a word is at no distance from itself')
) as pair (typed, meant, distance, rule);

select is(
  directory_internal.typing_distance(repeat('f', 300), 'zq'), 4,
  'a word of 300 letters is further than 3 edits from any other, and no error'
);
select is_empty(
  $$ select * from directory_internal.correct_word(repeat('f', 300)) $$,
  'a word of 300 letters is corrected to nothing'
);

select * from finish();
rollback;
