-- Every word of a visible business is known the moment it is there; the nightly count keeps
-- frequencies true and forgets nothing that still stands somewhere.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(28);

insert into directory.categories (id, slug, name) values
  ('c7e57000-0000-4000-8000-000000000001', 'zvo-one', 'Zvocategory'),
  ('c7e57000-0000-4000-8000-000000000002', 'zvo-two', 'Zvosecond');

create function pg_temp.frequency(word text)
returns int
language sql
as $$
  select vocabulary.frequency from directory_internal.vocabulary
  where vocabulary.word = frequency.word;
$$;

insert into directory.businesses (id, name, city, state, primary_category_id, status, description)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zvoname', 'Zvocity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'draft', 'Zvorunning the zvobakeries');
select is(pg_temp.frequency('zvoname'), null, 'the words of a draft are not known');
update directory.businesses set status = 'active'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.frequency(word), 1, rule)
from (
  values
    ('zvoname', 'a word of the name is known at once'),
    ('zvocity', 'a word of the city is known at once'),
    ('zvorunning', 'a word of the description is known at once, as it is written'),
    ('zvocategory', 'a word of the category is known at once')
) as expected (word, rule);
select is(
  (select lexeme from directory_internal.vocabulary where word = 'zvobakeries'), 'zvobakeri',
  'a word is known with its stem'
);
select is(
  (select lexeme from directory_internal.vocabulary where word = 'the'), null,
  'a stop word is known without a stem'
);
select cmp_ok(pg_temp.frequency('the'), '>', 0, 'a stop word counts as known');
select set_eq(
  $$
    select vocabulary_deletes.piece
    from directory_internal.vocabulary_deletes
    join directory_internal.vocabulary on vocabulary.id = vocabulary_deletes.word_id
    where vocabulary.word = 'zvoname'
  $$,
  $$ select unnest(directory_internal.pieces('zvoname')) $$,
  'a word is known by its pieces'
);
select is_empty(
  $$
    select 1 from directory_internal.vocabulary_deletes
    join directory_internal.vocabulary on vocabulary.id = vocabulary_deletes.word_id
    where vocabulary.word = 'zvoname' and char_length(vocabulary_deletes.piece) < 5
  $$,
  'a word of seven letters is known by pieces with up to two letters less'
);

insert into directory.businesses (id, name, city, state, primary_category_id, status, tags) values
  ('b7e57000-0000-4000-8000-000000000002', 'Zvoname Zvoname', 'Zvocity', 'TX',
    'c7e57000-0000-4000-8000-000000000002', 'active', '{zvoname,zvotag}'),
  ('b7e57000-0000-4000-8000-000000000003', 'Zvothird', 'Zvocity', 'TX',
    'c7e57000-0000-4000-8000-000000000002', 'active', '{}');
select is(pg_temp.frequency('zvocity'), 1, 'a frequency is as old as the last count');
select cmp_ok(directory_internal.recount_vocabulary(), '>', 0, 'the count says what it changed');
select is(pg_temp.frequency('zvocity'), 3, 'a frequency is the number of businesses with the word');
select is(pg_temp.frequency('zvoname'), 2,
  'a word counts once a business, however often it stands there');
select is(pg_temp.frequency('zvotag'), 1, 'the words of tags are counted');
select cmp_ok(pg_temp.frequency('zvosecond'), '>', 0,
  'a word that stands in the name of a category alone is still known after the count');
select is(directory_internal.recount_vocabulary(), 0, 'a second count changes nothing');

-- a word that goes, and comes back
update directory.businesses set name = 'Zvochanged'
where id = 'b7e57000-0000-4000-8000-000000000003';
select directory_internal.recount_vocabulary() is null as counted;
select is(pg_temp.frequency('zvothird'), 0, 'a word that stands nowhere any more has frequency 0');
select is_empty(
  $$ select 1 from directory_internal.correct_word('zvotird') $$,
  'a word of frequency 0 is offered to nobody'
);
update directory.businesses set tags = '{zvothird}'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.frequency('zvothird'), 1, 'a word that comes back is known at once');
select results_eq(
  $$ select word from directory_internal.correct_word('zvotird') $$,
  $$ values ('zvothird') $$,
  'a word that came back is offered again'
);
update directory.businesses set status = 'suspended'
where id = 'b7e57000-0000-4000-8000-000000000001';
select directory_internal.recount_vocabulary() is null as counted;
select is(pg_temp.frequency('zvocity'), 2, 'the words of a hidden business are not counted');

-- a word that stays away
update directory.businesses set name = 'Zvofourth'
where id = 'b7e57000-0000-4000-8000-000000000003';
select directory_internal.recount_vocabulary() is null as counted;
select is(pg_temp.frequency('zvochanged'), 0, 'a word that is gone is kept until the next count');
select directory_internal.recount_vocabulary() is null as counted;
select is(pg_temp.frequency('zvochanged'), null, 'and goes with it when it has not come back');
update directory.businesses set tags = '{zvochanged}'
where id = 'b7e57000-0000-4000-8000-000000000003';
select is(pg_temp.frequency('zvochanged'), 1, 'a word that comes back later is known at once too');
select results_eq(
  $$ select word from directory_internal.correct_word('zvochangdd') $$,
  $$ values ('zvochanged') $$,
  'and offered again'
);

-- what no query could hold is no word
update directory.businesses
set description = repeat('zvo', 14) || ' ' || repeat('zvx', 13)
where id = 'b7e57000-0000-4000-8000-000000000002';
select is(pg_temp.frequency(repeat('zvx', 13)), 1, 'a word of 39 letters is known');
select lives_ok(
  $$
    update directory.businesses set description = repeat('zvo', 3000)
    where id = 'b7e57000-0000-4000-8000-000000000002'
  $$,
  'a word of 9,000 letters does no harm'
);

select * from finish();
rollback;
