-- Where no business has every word, those with the most of them are the answer; and what was meant by a
-- slip is judged by the words of names more than by those of descriptions.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(7);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zsw-one', 'Zswcategory');
insert into directory.businesses (slug, name, description, city, state, primary_category_id, status)
values
  ('zsw-1', 'Zbrenk Zvolta', null, 'Zswcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('zsw-2', 'Zbrenk', null, 'Zswcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('zsw-3', 'Zqueer Zphair', 'Zmork zmork', 'Zswcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('zsw-4', 'Zmark', null, 'Zswcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('zsw-5', 'Ztahn', null, 'Zswcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('zsw-6', 'Zthin', null, 'Zswcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active');
update directory_internal.vocabulary set frequency = 50, title_frequency = 0 where word = 'zmork';
update directory_internal.vocabulary set frequency = 20, title_frequency = 20 where word = 'zmark';
update directory_internal.vocabulary set frequency = 30, title_frequency = 1 where word = 'zthin';

set local request.jwt.claims = '{}';
set local role anon;
select results_eq(
  $$ select slug from directory.search_businesses(search_query => 'zbrenk zvolta') $$,
  array['zsw-1'],
  'where a business has every word, only such are found'
);
select results_eq(
  $$ select slug from directory.search_businesses(search_query => 'zbrenk zvolta zphair') limit 1 $$,
  array['zsw-1'],
  'where none has every word, more words come before fewer'
);
select is(
  (
    select array_agg(slug order by slug)
    from directory.search_businesses(search_query => 'zbrenk zvolta zphair')
  ),
  array['zsw-1', 'zsw-2', 'zsw-3'],
  'and each with some of them is found'
);
select results_eq(
  $$
    select count(*)
    from directory.search_businesses(
      search_query => 'zphair zmark',
      category_filter => 'c7e57000-0000-4000-8000-000000000001', result_limit => 1
    )
  $$,
  array[1::bigint],
  'filters and limits hold there too'
);
select results_eq(
  $$ select slug from directory.search_businesses(search_query => 'zmxrk zmxrk') limit 1 $$,
  array['zsw-4'],
  'a word of names is meant before a more frequent word of descriptions'
);
select results_eq(
  $$ select slug from directory.search_businesses(search_query => 'zthan zswcity') limit 1 $$,
  array['zsw-5'],
  'two letters that changed places are likelier than a wrong one'
);
reset role;

insert into directory.businesses (name, city, state, primary_category_id)
select 'Zswimport ' || n, 'Zswcity', 'TX', 'c7e57000-0000-4000-8000-000000000001'
from generate_series(1, 1500) as n;
select cmp_ok(
  (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()),
  '<=', 1100::bigint,
  'an import of many names holds few locks'
);

select * from finish();
rollback;
