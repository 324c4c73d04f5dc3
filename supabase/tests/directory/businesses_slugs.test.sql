-- A business without a slug gets one from its name and city, whatever is in them.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(19);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqs-one', 'Zqs One');

create function pg_temp.slug_of(id uuid, name text, city text)
returns text
language sql
volatile
as $$
  insert into directory.businesses (id, name, city, state, primary_category_id)
  values (slug_of.id, slug_of.name, slug_of.city, 'TX', 'c7e57000-0000-4000-8000-000000000001')
  returning slug;
$$;

select is(
  pg_temp.slug_of('b7e57000-0000-4000-8000-000000000001', 'Zqs Coffee & Tea', 'San Zqs'),
  'zqs-coffee-tea-san-zqs',
  'a slug is the name and the city in lower case with hyphens'
);
select matches(
  pg_temp.slug_of('b7e57000-0000-4000-8000-000000000002', 'Zqs Coffee, Tea', 'San Zqs'),
  '^zqs-coffee-tea-san-zqs-[0-9a-z-]+$',
  'a second business of the same name and city gets more to its slug'
);
-- ids that are ordered by time begin alike
select lives_ok(
  $$
    select pg_temp.slug_of('b7e57000-0000-4000-8000-000000000003', 'ZQS COFFEE TEA', 'san zqs')
  $$,
  'so does a third, also when its id begins like that of the second'
);
select is(
  pg_temp.slug_of('b7e57000-0000-4000-8000-000000000004', 'Zqs Café Señor Über', 'Zürich'),
  'zqs-cafe-senor-uber-zurich',
  'accents are left out'
);
select is(
  pg_temp.slug_of('b7e57000-0000-4000-8000-000000000005', 'Zqs Joe''s   "Best" -- Diner!', 'Waco'),
  'zqs-joes-best-diner-waco',
  'apostrophes vanish, other signs become one hyphen'
);
select matches(
  pg_temp.slug_of('b0000001-0000-4000-8000-000000000006', '寿司', '東京'),
  '^business(-[0-9a-z-]+)?$',
  'a name and a city without a Latin letter give the word business'
);
select matches(
  pg_temp.slug_of('b0000002-0000-4000-8000-000000000007', 'مطعم', 'القاهرة'),
  '^business-[0-9a-z-]+$',
  'another such name gets more to it'
);
select matches(
  pg_temp.slug_of('b0000003-0000-4000-8000-000000000008', '🍕🍕', '🌵'),
  '^business-[0-9a-z-]+$',
  'a name of pictures has a slug too'
);
select is(
  pg_temp.slug_of('b7e57000-0000-4000-8000-000000000009', '寿司 Zqs Bar', 'Zqsville'),
  'zqs-bar-zqsville',
  'letters that have no Latin form are left out'
);

select lives_ok(
  $$
    select pg_temp.slug_of('b7e57000-0000-4000-8000-000000000010',
      repeat('zqslong ', 31) || 'zqslong', repeat('c', 100))
  $$,
  'a name of 255 characters in a city of 100 gets a slug'
);
select cmp_ok(
  (
    select char_length(slug) from directory.businesses
    where id = 'b7e57000-0000-4000-8000-000000000010'
  ),
  '<=', 200,
  'the slug of a long name is cut'
);
select matches(
  pg_temp.slug_of('b0000004-0000-4000-8000-000000000011', repeat('zqslong ', 31) || 'zqslong',
    'Elsewhere'),
  '^zqslong(-zqslong)+-[0-9a-f-]+$',
  'two long names that are cut to the same slug stay apart'
);
select is(
  pg_temp.slug_of('b7e57000-0000-4000-8000-000000000012', repeat('ß', 255), 'Zqs'),
  repeat('s', 200),
  'a name whose letters become two each is cut all the same'
);

insert into directory.businesses (name, city, state, primary_category_id) values
  ('Zqs Twin', 'Zqsville', 'TX', 'c7e57000-0000-4000-8000-000000000001'),
  ('Zqs Twin', 'Zqsville', 'TX', 'c7e57000-0000-4000-8000-000000000001'),
  ('Zqs Twin', 'Zqsville', 'TX', 'c7e57000-0000-4000-8000-000000000001');
select is(
  (select count(distinct slug) from directory.businesses where name = 'Zqs Twin'), 3::bigint,
  'businesses of one name inserted in one statement get slugs of their own'
);

update directory.businesses set name = 'Zqs Another Name'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(
  (select slug from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001'),
  'zqs-coffee-tea-san-zqs',
  'a new name does not change the address of a business'
);

insert into directory.businesses (slug, name, city, state, primary_category_id)
values ('zqs-chosen', 'Zqs Two', 'Zqsville', 'TX', 'c7e57000-0000-4000-8000-000000000001');
select isnt_empty(
  $$ select 1 from directory.businesses where slug = 'zqs-chosen' and name = 'Zqs Two' $$,
  'a slug that the operator gives is kept'
);
insert into directory.businesses (slug, name, city, state, primary_category_id)
values ('', 'Zqs Empty', 'Zqsville', 'TX', 'c7e57000-0000-4000-8000-000000000001');
select is(
  (select slug from directory.businesses where name = 'Zqs Empty'), 'zqs-empty-zqsville',
  'an empty slug is one that is not given'
);
select throws_ok(
  $$
    insert into directory.businesses (slug, name, city, state, primary_category_id)
    values ('zqs-chosen', 'Zqs Three', 'Zqsville', 'TX', 'c7e57000-0000-4000-8000-000000000001')
  $$,
  '23505', null,
  'a slug that is taken is refused'
);
select is_empty(
  $$
    select slug from directory.businesses
    where slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or char_length(slug) > 255
  $$,
  'every slug made is one that its check takes'
);

select * from finish();
rollback;
