-- A category that lies below itself would vanish from the tree, and all below it with it.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(9);

insert into directory.categories (id, parent_id, slug, name) values
  ('c7e57000-0000-4000-8000-000000000001', null, 'zqr-top', 'Zqr Top'),
  ('c7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000001', 'zqr-middle',
    'Zqr Middle'),
  ('c7e57000-0000-4000-8000-000000000003', 'c7e57000-0000-4000-8000-000000000002', 'zqr-leaf',
    'Zqr Leaf'),
  ('c7e57000-0000-4000-8000-000000000004', null, 'zqr-other', 'Zqr Other');

select throws_ok(
  $$
    insert into directory.categories (id, parent_id, slug, name)
    values ('c7e57000-0000-4000-8000-000000000005', 'c7e57000-0000-4000-8000-000000000005',
      'zqr-self', 'Zqr Self')
  $$,
  'PL111', 'Category Zqr Self can not lie below itself.',
  'a new category can not be its own parent'
);
select throws_ok(
  $$ update directory.categories set parent_id = id where slug = 'zqr-other' $$,
  'PL111', 'Category Zqr Other can not lie below itself.',
  'a category can not become its own parent'
);
select throws_ok(
  $$
    update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000002'
    where slug = 'zqr-top'
  $$,
  'PL111', null,
  'a category can not move below its child'
);
select throws_ok(
  $$
    update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000003'
    where slug = 'zqr-top'
  $$,
  'PL111', null,
  'a category can not move below its grandchild'
);
select throws_ok(
  $$
    update directory.categories
    set parent_id = case slug
      when 'zqr-middle' then 'c7e57000-0000-4000-8000-000000000004'::uuid
      when 'zqr-other' then 'c7e57000-0000-4000-8000-000000000003'::uuid
    end
    where slug in ('zqr-middle', 'zqr-other')
  $$,
  'PL111', null,
  'two moves of one statement can not close a ring together'
);
select throws_ok(
  $$
    insert into directory.categories (id, parent_id, slug, name) values
      ('c7e57000-0000-4000-8000-000000000006', 'c7e57000-0000-4000-8000-000000000007',
        'zqr-six', 'Zqr Six'),
      ('c7e57000-0000-4000-8000-000000000007', 'c7e57000-0000-4000-8000-000000000006',
        'zqr-seven', 'Zqr Seven')
  $$,
  'PL111', null,
  'two new categories can not be the parents of each other'
);
select results_eq(
  $$
    select slug, level, children_count
    from directory.categories
    where slug like 'zqr-%'
    order by slug
  $$,
  $$
    values ('zqr-leaf', 2, 0), ('zqr-middle', 1, 1), ('zqr-other', 0, 0), ('zqr-top', 0, 1)
  $$,
  'refused rings leave the tree as it was'
);
select is(
  (select count(*) from directory.category_tree where slug like 'zqr-%'),
  4::bigint,
  'category_tree shows every category after the refusals'
);
select lives_ok(
  $$
    update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000003'
    where slug = 'zqr-other'
  $$,
  'a move that closes no ring goes through'
);

select * from finish();
rollback;
