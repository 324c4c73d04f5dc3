-- How words are read: unfinished, accented, in another form, in another script, or unknown.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(47);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zwf-one', 'Zwfcategory');
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, status, tags, description
) values
  ('b7e57000-0000-4000-8000-000000000001', 'zwf-1', 'Klompertine', 'Zwfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}',
      'The zwfbakery of the town, a zwfplumber'),
  ('b7e57000-0000-4000-8000-000000000002', 'zwf-2', 'Klomperdash', 'Zwfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}',
      'We are zwfpainting and zwfrepairs, zwfplumbing'),
  ('b7e57000-0000-4000-8000-000000000003', 'zwf-3', 'Zwfgrünhöf', 'Zwfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{zwfcafé}', null),
  ('b7e57000-0000-4000-8000-000000000004', 'zwf-4', 'Zwfnaive', 'Zwfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{zwfresume}', null),
  ('b7e57000-0000-4000-8000-000000000005', 'zwf-5', 'Zwfoleary''s', 'Zwfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}', 'Zwfdrive-in, zwfopen 24/7'),
  ('b7e57000-0000-4000-8000-000000000006', 'zwf-6', 'Пекарнязв 東京寿司屋 مخبزةزو', 'Zwfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}', null),
  ('b7e57000-0000-4000-8000-000000000007', 'zwf-7',
    'zwfa zwfb zwfc zwfd zwfe zwff zwfg zwfh zwfi zwfj zwfk zwfl zwfm zwfn zwfo zwfp', 'Zwfcity',
    'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', '{}', null),
  ('b7e57000-0000-4000-8000-000000000009', 'zwf-9', 'Now and Then', 'Zwfnowhere', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', '{}', null),
  ('b7e57000-0000-4000-8000-000000000008', 'zwf-8', repeat('zwflong', 8), 'Zwfcity',
    'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', '{}', null);

-- the businesses found, by number, and the corrections that the answer names
create function pg_temp.found(words text)
returns text
language sql
as $$
  select string_agg(right(search_businesses.slug, 1), ' ' order by search_businesses.slug)
  from directory.search_businesses(search_query => words);
$$;
create function pg_temp.corrections(words text)
returns jsonb
language sql
as $$
  select search_businesses.corrections
  from directory.search_businesses(search_query => words)
  limit 1;
$$;
grant execute on function pg_temp.found(text), pg_temp.corrections(text) to anon;

set local request.jwt.claims = '{}';
set local role anon;

-- unfinished
select is(pg_temp.found('klompe'), '1 2', 'an unfinished last word finds all that it may become');
select is(pg_temp.found('klompert'), '1', 'a letter more narrows it');
select is(pg_temp.corrections('klompe'), '[]', 'an unfinished word is no error');
select is(pg_temp.found('zwfcity klompe'), '1 2', 'the last of several words may be unfinished');
select is(pg_temp.corrections('klomp zwfcity'), '[{"from": "klomp", "to": null}]',
  'a word before the last is taken as finished');
select is(pg_temp.found('zwfcit'), '1 2 3 4 5 6 7 8', 'a city may be unfinished too');
-- the stem of one word that begins another: whoever types on may mean either
select is(pg_temp.found('zwfplumb'), '1 2',
  'an unfinished last word finds what it may become beside what it is another form of');
select is(pg_temp.found('klompertine '), '1', 'a space at the end does no harm');
select is(pg_temp.found(repeat('zwflong', 8)), '8', 'a name of one word of 56 letters is found');

-- accents
select is(pg_temp.found('zwfgrunhof'), '3', 'a word with accents is found without them');
select is(pg_temp.found('zwfgrünhöf'), '3', 'a word with accents is found with them');
select is(pg_temp.found('ZWFGRÜNHÖF'), '3', 'and in capitals');
select is(pg_temp.found('zwfcafe'), '3', 'a tag with an accent is found without it');
select is(pg_temp.found('zwfnaïve'), '4', 'a word without accents is found with them');
select is(pg_temp.found('zwfrésumé'), '4', 'a tag without accents is found with them');
select is(pg_temp.corrections('zwfrésumé'), '[]', 'an accent is no error');
select is(pg_temp.found(E'zwfgru\u0308nho\u0308f'), '3',
  'accents that follow their letter as signs of their own are read alike');

-- apostrophes, hyphens, digits
select is(pg_temp.found('zwfoleary''s'), '5', 'an apostrophe is read');
select is(pg_temp.found('zwfolearys'), '5', 'an apostrophe may be left out');
select is(pg_temp.found('zwfoleary’s'), '5', 'a typographic apostrophe is read alike');
select is(pg_temp.found('zwfdrive-in'), '5', 'a hyphen parts words');
select is(pg_temp.found('zwfopen 24 7'), '5', 'numbers are words');

-- forms
select is(pg_temp.found('zwfbakery'), '1', 'a word is found in the form in which it stands');
select is(pg_temp.found('zwfbakeries'), '1', 'a plural finds the singular');
select is(pg_temp.corrections('zwfbakeries'), '[]', 'a plural is no error');
select is(pg_temp.found('zwfrepair'), '2', 'a singular finds the plural');
select is(pg_temp.found('zwfpainted'), '2', 'another form of a verb finds the verb');
select is(pg_temp.corrections('zwfpainted'), '[]', 'another form of a verb is no error');
select is(pg_temp.corrections('zwfbakeries klompertine'), '[]',
  'another form is no error before the last word either');

-- scripts
select is(pg_temp.found('пекарнязв'), '6', 'a Cyrillic word is found');
select is(pg_temp.found('ПЕКАРНЯЗВ'), '6', 'a Cyrillic word in capitals is found');
select is(pg_temp.found('東京寿司屋'), '6', 'a Japanese word is found');
select is(pg_temp.found('مخبزةزو'), '6', 'an Arabic word is found');
select is(
  (select name from directory.search_businesses(search_query => '東京寿司屋 пекарнязв')),
  'Пекарнязв 東京寿司屋 مخبزةزو',
  'words of several scripts stand together'
);

-- unknown
select is(pg_temp.found('klompertine xqjvwkpzt zwfcity'), '1',
  'a word that is nowhere is left out');
select is(
  pg_temp.corrections('klompertine xqjvwkpzt zwfcity'),
  '[{"from": "xqjvwkpzt", "to": null}]',
  'a word that is left out is named, with nothing in its place'
);
select is(pg_temp.found('klompertine xqjvwkpzt'), '1', 'so is a last word that begins nothing');
select is(pg_temp.found('xqjvwkpzt'), null, 'a query of unknown words alone finds nothing');
select is(pg_temp.found('xqjvwkpzt qqxxjjvvww'), null, 'however many there are');

-- stop words
select is(pg_temp.found('the klompertine of the'), '1', 'stop words do not count');
select is(pg_temp.corrections('the klompertine of the'), '[]', 'a stop word is no error');
select is(pg_temp.corrections('whom klompertine themselves'), '[]',
  'a stop word that stands in no document is no error either');
select is(pg_temp.found('now and then'), '9',
  'a business whose name is made of stop words alone is found by it');
select lives_ok($$ select pg_temp.found('the of the') $$,
  'a query of stop words alone is answered');

-- long queries
select is(
  pg_temp.found('zwfa zwfb zwfc zwfd zwfe zwff zwfg zwfh zwfi zwfj zwfk zwfl zwfm zwfn zwfo zwfp'),
  '7',
  'sixteen words are read'
);
select is(
  pg_temp.found(
    'zwfa zwfb zwfc zwfd zwfe zwff zwfg zwfh zwfi zwfj zwfk zwfl zwfm zwfn zwfo zwfp klompertine'
  ),
  '7',
  'a seventeenth is left out'
);
select is(pg_temp.found(repeat('klompertine ', 16)), '1', 'a word may stand in a query often');
reset role;

select * from finish();
rollback;
