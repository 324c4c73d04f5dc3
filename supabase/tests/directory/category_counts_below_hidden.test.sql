-- A hidden category is out of sight; the businesses in it are not, and everyone sees the same count
-- above it, before the fold as after it.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
-- the job that folds each minute must wait for this file
select pg_advisory_xact_lock(hashtextextended('directory.fold_category_counts', 0)) is null as held;
select plan(4);

insert into directory.categories (id, parent_id, slug, name, active) values
  ('c7e57000-0000-4000-8000-000000000001', null, 'zqh-top', 'Zqh Top', true),
  ('c7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000001', 'zqh-hidden',
    'Zqh Hidden', false);
insert into directory.businesses (name, city, state, primary_category_id, status) values
  ('Zqh One', 'Zqhville', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active'),
  ('Zqh Two', 'Zqhville', 'TX', 'c7e57000-0000-4000-8000-000000000002', 'active'),
  ('Zqh Three', 'Zqhville', 'TX', 'c7e57000-0000-4000-8000-000000000002', 'active');

set local request.jwt.claims = '{}';
set local role anon;
select results_eq(
  $$ select slug, business_count from directory.category_tree where slug like 'zqh-%' $$,
  $$ values ('zqh-top', 3) $$,
  'a visitor sees pending changes of hidden categories in the count above them'
);
reset role;
select results_eq(
  $$
    select slug, business_count from directory.category_tree where slug like 'zqh-%' order by slug
  $$,
  $$ values ('zqh-hidden', 2), ('zqh-top', 3) $$,
  'the operator sees the same count, and the hidden category with its own'
);
select directory_internal.fold_category_counts() is null as folded;
set local role anon;
select results_eq(
  $$ select slug, business_count from directory.category_tree where slug like 'zqh-%' $$,
  $$ values ('zqh-top', 3) $$,
  'a visitor sees the same count after the fold'
);
select is_empty(
  $$ select 1 from directory.categories where slug = 'zqh-hidden' $$,
  'the hidden category itself stays hidden'
);
reset role;

select * from finish();
rollback;
