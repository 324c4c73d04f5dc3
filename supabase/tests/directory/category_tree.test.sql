-- category_tree shows the active categories from the top down, with names and ids to each.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(14);

insert into auth.users (id) values ('a7e57000-0000-4000-8000-000000000001');
insert into private.user_roles (user_id, role)
values ('a7e57000-0000-4000-8000-000000000001', 'admin');
insert into directory.categories (id, parent_id, slug, name, active, sort_order) values
  ('c7e57000-0000-4000-8000-000000000001', null, 'zqv-top', 'Zqv Top', true, 0),
  ('c7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000001', 'zqv-left',
    'Zqv Left', true, 2),
  ('c7e57000-0000-4000-8000-000000000003', 'c7e57000-0000-4000-8000-000000000002', 'zqv-leaf',
    'Zqv Leaf', true, 0),
  ('c7e57000-0000-4000-8000-000000000004', 'c7e57000-0000-4000-8000-000000000001', 'zqv-hidden',
    'Zqv Hidden', false, 1),
  ('c7e57000-0000-4000-8000-000000000005', 'c7e57000-0000-4000-8000-000000000004', 'zqv-below',
    'Zqv Below', true, 0);

select columns_are(
  'directory', 'category_tree',
  array[
    'id', 'parent_id', 'name', 'slug', 'level', 'path', 'id_path', 'icon', 'color', 'image_url',
    'sort_order', 'featured', 'show_in_navigation', 'show_in_directory', 'children_count',
    'business_count'
  ],
  'category_tree has the columns of its contract'
);
select is(
  (select reloptions from pg_class where oid = 'directory.category_tree'::regclass),
  array['security_invoker=true'],
  'category_tree reads as its caller'
);

set local request.jwt.claims = '{}';
set local role anon;
select results_eq(
  $$
    select slug, level, path, parent_id
    from directory.category_tree where slug like 'zqv-%' order by path
  $$,
  $$
    values
      ('zqv-top', 0, array['Zqv Top'], null::uuid),
      ('zqv-left', 1, array['Zqv Top', 'Zqv Left'], 'c7e57000-0000-4000-8000-000000000001'),
      ('zqv-leaf', 2, array['Zqv Top', 'Zqv Left', 'Zqv Leaf'],
        'c7e57000-0000-4000-8000-000000000002')
  $$,
  'a visitor sees names from the top to each active category'
);
select results_eq(
  $$ select id_path from directory.category_tree where slug = 'zqv-leaf' $$,
  $$
    values (
      array[
        'c7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000002',
        'c7e57000-0000-4000-8000-000000000003'
      ]::uuid[]
    )
  $$,
  'ids run from the top to the category itself'
);
select is_empty(
  $$ select 1 from directory.category_tree where slug = 'zqv-hidden' $$,
  'a hidden category is not in the tree of a visitor'
);
select is_empty(
  $$ select 1 from directory.category_tree where slug = 'zqv-below' $$,
  'what lies below a hidden category is not in the tree of a visitor'
);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select results_eq(
  $$ select slug from directory.category_tree where slug like 'zqv-%' order by path $$,
  $$ values ('zqv-top'), ('zqv-hidden'), ('zqv-below'), ('zqv-left'), ('zqv-leaf') $$,
  'an administrator sees the whole tree'
);
reset role;

select is_empty(
  $$
    select 1
    from directory.category_tree
    join directory.categories on categories.id = category_tree.id
    where category_tree.id_path <> categories.path or category_tree.level <> categories.level
  $$,
  'the paths that triggers keep are those that the tree gives'
);

update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000003'
where slug = 'zqv-hidden';
set local request.jwt.claims = '{}';
set local role anon;
select is_empty(
  $$ select 1 from directory.category_tree where slug in ('zqv-hidden', 'zqv-below') $$,
  'a hidden category stays hidden after a move'
);
reset role;
update directory.categories set active = true, name = 'Zqv Shown' where slug = 'zqv-hidden';
set local role anon;
select results_eq(
  $$ select path from directory.category_tree where slug = 'zqv-below' $$,
  $$ values (array['Zqv Top', 'Zqv Left', 'Zqv Leaf', 'Zqv Shown', 'Zqv Below']) $$,
  'the tree follows a move and a new name at once'
);
reset role;
select table_privs_are(
  'directory', 'category_tree', role_name, array['SELECT'],
  format('%s may read category_tree and do nothing else to it', role_name)
)
from unnest(array['anon', 'authenticated', 'service_role']) as role_name;

delete from directory.categories where slug = 'zqv-below';
select is(
  (select children_count from directory.category_tree where slug = 'zqv-hidden'), 0,
  'the tree shows the number of children after a delete'
);

select * from finish();
rollback;
